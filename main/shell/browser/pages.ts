/** The few pages the browser shell answers with itself, in both languages at once: nobody has chosen one yet. */

export type PageName = 'opened' | 'spent' | 'needsLink' | 'notBuilt' | 'notFound';

interface PageText {
  status: number;
  title: string;
  en: string;
  fr: string;
}

const HOW_EN = 'Press Enter in the terminal where Halfspread runs, or run';
const HOW_FR = 'Appuyez sur Entrée dans le terminal où tourne Halfspread, ou lancez';
const OPEN_COMMAND = '<code>npm run -s halfspread -- open</code>';

const TEXTS: Record<PageName, PageText> = {
  opened: {
    status: 200,
    title: 'Halfspread',
    en: '<a href="/">Open Halfspread</a>',
    fr: '<a href="/">Ouvrir Halfspread</a>',
  },
  spent: {
    status: 410,
    title: 'This link has been used · Ce lien a déjà servi',
    en: `A link to Halfspread works once and for ten minutes; this one is spent. ${HOW_EN} ${OPEN_COMMAND}: you get a new one.`,
    fr: `Un lien vers Halfspread sert une seule fois, pendant dix minutes ; celui-ci est épuisé. ${HOW_FR} ${OPEN_COMMAND} : vous en recevez un nouveau.`,
  },
  needsLink: {
    status: 401,
    title: 'A link is needed · Il faut un lien',
    en: `This browser has not been let in. ${HOW_EN} ${OPEN_COMMAND}, and open the link you get.`,
    fr: `Ce navigateur n’a pas encore accès. ${HOW_FR} ${OPEN_COMMAND}, puis ouvrez le lien reçu.`,
  },
  notBuilt: {
    status: 503,
    title: 'The window is not built · La fenêtre n’est pas construite',
    en: 'The files of the window are missing. Run <code>npm run build</code>, then start Halfspread again.',
    fr: 'Les fichiers de la fenêtre manquent. Lancez <code>npm run build</code>, puis redémarrez Halfspread.',
  },
  notFound: {
    status: 404,
    title: 'Not found · Introuvable',
    en: 'There is nothing here. <a href="/">Back to Halfspread</a>',
    fr: 'Il n’y a rien ici. <a href="/">Retour à Halfspread</a>',
  },
};

/** Path of the pages' style sheet: the content policy allows none inside the page. */
export const PAGE_STYLE_PATH = '/shell.css';
export const PAGE_STYLE =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:15vh auto;padding:0 1.5rem}' +
  'h1{font-size:1.25rem}code{font-size:.9em}p{margin:1rem 0}';

export function page(name: PageName): { status: number; html: string } {
  const { status, title, en, fr } = TEXTS[name];
  // The step from a link to the window is a navigation of our own page, so that a SameSite=Strict cookie goes with it.
  const onward = name === 'opened' ? '<meta http-equiv="refresh" content="0; url=/">' : '';
  return {
    status,
    html:
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${onward}` +
      `<title>${title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${PAGE_STYLE_PATH}"></head><body><h1>${title}</h1>` +
      `<p>${en}</p><p lang="fr">${fr}</p></body></html>`,
  };
}
