/** Scripts that call the agent program's verbs; each prints its one line of JSON. $1 prefix. */

/** $2 port, $3 release. A second run keeps the identity. */
export const AGENT_INIT = String.raw`exec "$1/versions/$3/node" "$1/versions/$3/agent.mjs" init --state "$1/state" --port "$2"`;

/** $2 release: also one that is not in use yet. */
export const AGENT_SELF_TEST = String.raw`"$1/versions/$2/node" "$1/versions/$2/agent.mjs" self-test --state "$1/state" || true`;

export const AGENT_STATUS = String.raw`exec "$1/current/node" "$1/current/agent.mjs" status --state "$1/state"`;

export const AGENT_DEVICES = String.raw`exec "$1/current/node" "$1/current/agent.mjs" devices --state "$1/state"`;

/** Standard input: the device. */
export const AGENT_ENROL = String.raw`exec "$1/current/node" "$1/current/agent.mjs" enrol --state "$1/state"`;

/** Standard input: endpoints and number of samples. */
export const AGENT_MEASURE = String.raw`exec "$1/current/node" "$1/current/agent.mjs" measure`;

/** $2 device. */
export const AGENT_REVOKE = String.raw`exec "$1/current/node" "$1/current/agent.mjs" revoke --state "$1/state" --device "$2"`;
