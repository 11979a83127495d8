/** What stands in the window after it crashed again and again; in both languages, as the shell knows neither. */
export function windowStoppedPage(): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    '<meta name="color-scheme" content="light dark"><title>Halfspread</title><link rel="icon" href="data:,"></head><body>' +
    '<h1>The window stopped working · La fenêtre ne fonctionne plus</h1>' +
    '<p>It crashed several times in a row and is not reloaded by itself any more. Engine and trading are other processes and go on; the tray icon shows them. <a href="/">Open the window again</a></p>' +
    '<p lang="fr">Elle a planté plusieurs fois de suite et n’est plus rechargée d’elle-même. Le moteur et les échanges sont d’autres processus et continuent&#8239;; l’icône de la barre les montre. <a href="/">Rouvrir la fenêtre</a></p>' +
    '</body></html>'
  );
}
