/** As electron-builder.yml has it (a test compares): Windows shows notifications of no program without it. */
export const APP_ID = 'org.halfspread.desktop';
