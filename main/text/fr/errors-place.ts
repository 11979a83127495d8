/** Errors of the desk's place (moving it, agents' keys, tunnels to practice) in French. */
import type { ErrorTable } from '../error-words.ts';

export const placeErrors: ErrorTable = {
  HS_MOVE_RUNNING: ['Le bureau est déjà en cours de déplacement.', 'Attendez que ce soit fini.'],
  HS_MOVE_BUSY: [
    'Autre chose est en cours sur ce site. Le bureau n’a pas été déplacé.',
    'Attendez que ce soit fini, puis déplacez le bureau.',
  ],
  HS_MOVE_NO_LINK: [
    'L’agent de ce site est injoignable. Le bureau n’a pas été déplacé.',
    'Voyez si l’agent tourne et si son port s’atteint d’ici (le docteur du site).',
  ],
  HS_MOVE_OCCUPIED: [
    'L’agent de ce site est déverrouillé : il fait tourner un autre bureau. Le bureau n’a pas été déplacé.',
    'Verrouillez-le de là où il a été déverrouillé, ou redémarrez-le (il revient verrouillé).',
  ],
  HS_MOVE_NOT_FLAT: [
    'Le bureau réel n’est pas à plat. Les positions ne passent pas d’un moteur à l’autre. Rien n’a changé.',
    'Fermez tout, attendez qu’il soit à plat, puis déplacez-le.',
  ],
  HS_MOVE_ARMED: [
    'Le bureau réel est armé : il peut ouvrir une position à tout moment. Rien n’a changé.',
    'Désarmez-le, puis déplacez-le.',
  ],
  HS_MOVE_UNKNOWN: [
    'Un moteur réel tourne et ne dit pas s’il est à plat. Rien n’a changé.',
    'Attendez le retour de la liaison, puis déplacez le bureau.',
  ],
  HS_MOVE_UNREACHABLE: [
    'L’agent qui a le droit de négocier est injoignable : il négocie peut-être. Rien n’a changé.',
    'Deux moteurs ne négocient jamais à la fois. Attendez la liaison, ou arrêtez d’abord l’agent par SSH (page Sites).',
  ],
  HS_MOVE_LIST: [
    'La liste des sites n’a pas pu être lue : on ne sait pas si le moteur qui a le droit de négocier tourne. Rien n’a changé.',
    'Remettez la liste en place (config/sites.json, sa copie est à côté), puis redémarrez Halfspread.',
  ],
  HS_PLACE_HERE: [
    'Le bureau tourne sur ce poste : il n’y a pas d’agent à verrouiller ou déverrouiller.',
    'Déplacez d’abord le bureau vers un site.',
  ],
  HS_PLACE_NO_DESK: [
    'Il n’y a pas encore de bureau à faire tourner : le mode attend quelque chose.',
    'Voyez ce que le mode attend, puis réessayez.',
  ],
  HS_PLACE_VENUES: [
    'Les places d’exercice ne tournent pas encore ; l’agent reste verrouillé jusque-là.',
    'Attendez un instant : il est alors déverrouillé de lui-même.',
  ],
  HS_PLACE_ELSEWHERE: [
    'Le moteur ne tourne pas sur ce poste mais sur un site. Rien n’a démarré ici.',
    'Démarrez, arrêtez ou redémarrez-le depuis la page Sites.',
  ],
  HS_PLACE_GONE: [
    'Le droit de négocier a été donné à un agent qui n’est plus dans la liste des sites. Aucun moteur ne négocie.',
    'Déplacez le bureau vers ce poste ou vers un autre site (page Sites).',
  ],
  HS_LINKS_READ: [
    'Ce que les liaisons aux agents ont appris n’a pas pu être lu.',
    'Voyez qui peut lire le dossier de données de Halfspread, puis redémarrez.',
  ],
  HS_LINKS_WRITE: [
    'Ce que la liaison a appris n’a pas pu être gardé.',
    'Faites de la place sur le disque et vérifiez les droits du dossier de données.',
  ],
  HS_LINKS_SET_ASIDE: [
    'Ce que les liaisons aux agents ont appris était illisible et a été mis de côté.',
    'Un agent dont le certificat a été renouvelé doit être redéployé pour être cru.',
  ],
  HS_FIGURES_READ: [
    'Les mesures des endroits n’ont pas pu être lues.',
    'Voyez qui peut lire le dossier de données de Halfspread, puis redémarrez.',
  ],
  HS_FIGURES_WRITE: [
    'Les mesures des endroits n’ont pas pu être gardées.',
    'Faites de la place sur le disque et vérifiez les droits du dossier de données.',
  ],
  HS_FIGURES_SET_ASIDE: [
    'Les mesures des endroits étaient illisibles et ont été mises de côté.',
    'Avant et après se comparent de nouveau dès que le bureau a négocié aux deux endroits.',
  ],
  HS_PRACTICE_LINE: [
    'Les places d’exercice n’offrent pas la ligne d’un serveur.',
    'Redémarrez Halfspread ; réinstallez-le si cela dure.',
  ],
  HS_PRACTICE_DESCRIPTION: [
    'Les places d’exercice se décrivent d’une façon que cette version ne connaît pas.',
    'Réinstallez Halfspread : ses parties sont de versions différentes.',
  ],
  HS_TUNNEL_LOST: [
    'Le tunnel par lequel le serveur atteint les places d’exercice est tombé.',
    'Il est rouvert de lui-même.',
  ],
  HS_TUNNEL_REFUSED: [
    'Le serveur SSH interdit les tunnels : l’agent n’atteint pas les places d’exercice d’ici.',
    'Permettez AllowTcpForwarding sur le serveur, ou servez-vous de ce site en papier ou en réel.',
  ],
  HS_TUNNEL_PORT: [
    'Un port qui n’est pas dans le tunnel a été demandé.',
    'Signalez-le : c’est une faute de Halfspread.',
  ],
};
