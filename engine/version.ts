import packageJson from '../package.json' with { type: 'json' };

/** Version of the engine = version of the program it ships in. */
export const ENGINE_VERSION: string = packageJson.version;
