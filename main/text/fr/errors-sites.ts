/** Errors around sites in French: deploys, servers at clouds, the link to an agent. */
import type { ErrorTable } from '../error-words.ts';

export const siteErrors: ErrorTable = {
  HS_DEPLOY_AGENT_ANSWER: [
    'L’agent a répondu quelque chose que ce programme ne comprend pas.',
    'Redéployez : les deux auront la même version.',
  ],
  HS_DEPLOY_BUNDLE: [
    'Le programme à envoyer n’a pas pu être préparé sur cette machine.',
    'Vérifiez les droits d’écriture et la place sur le disque.',
  ],
  HS_DEPLOY_DESK_UNKNOWN: [
    'Un moteur réel tourne sur cette machine et ne dit pas s’il détient des positions.',
    'Regardez-le, arrêtez-le s’il est à plat, puis redéployez.',
  ],
  HS_DEPLOY_DOWNLOAD: ['Le serveur n’a pas pu télécharger Node.', 'Halfspread l’envoie d’ici à la place.'],
  HS_DEPLOY_ENROL: ['L’agent ne connaît pas ce poste, bien qu’il vienne d’être inscrit.', 'Redéployez.'],
  HS_DEPLOY_HOME: [
    'Le dossier personnel de cet utilisateur, sur le serveur, est inutilisable pour Halfspread.',
    'Connectez-vous avec un autre utilisateur.',
  ],
  HS_DEPLOY_KNOWN_HOSTS: [
    'Le fichier des clés d’hôte vérifiées ne peut être lu ou écrit.',
    'Vérifiez les droits sur le fichier et son dossier, et la place sur le disque.',
  ],
  HS_DEPLOY_NOTHING_UNFINISHED: [
    'Aucun déploiement de ce site n’est inachevé.',
    'La liste montre ce qui existe ; « Désinstaller » enlève un site.',
  ],
  HS_DEPLOY_PATH: [
    'Ce chemin ne peut être donné à ssh : il contient un guillemet, une barre oblique inverse ou un caractère de contrôle.',
    'Déplacez le fichier vers un chemin simple, ou faites-y un lien.',
  ],
  HS_DEPLOY_QUOTE: [
    'Cette valeur ne peut être donnée à une commande distante : elle contient une fin de ligne ou un octet nul.',
    'Enlevez la fin de ligne.',
  ],
  HS_DEPLOY_REQUEST: ['Une des valeurs n’est pas valide ; personne n’a été contacté.', 'Corrigez-la, puis réessayez.'],
  HS_DEPLOY_SUDO: [
    'Le mot de passe sudo contient une fin de ligne ; rien n’a été exécuté.',
    'Vérifiez le mot de passe.',
  ],
  HS_DEPLOY_SWITCH: ['Le serveur n’a pas pris la nouvelle version.', 'Redéployez.'],
  HS_SECRET_LOGIN: ['Ce secret est inutilisable pour se connecter.', 'Redonnez-le sur une seule ligne.'],
  HS_PROGRAM_MISSING: [
    'Il manque un programme de Halfspread.',
    'Réinstallez Halfspread, ou reconstruisez-le : npm run build.',
  ],

  HS_SITES_READ: ['La liste des sites est illisible.', 'Vérifiez les droits du fichier, puis redémarrez Halfspread.'],
  HS_SITES_WRITE: ['La liste des sites ne peut être écrite.', 'Vérifiez les droits et la place sur le disque.'],
  HS_SITES_SET_ASIDE: [
    'La liste des sites était illisible et a été mise de côté.',
    'Halfspread commence avec une liste vide ; les serveurs sont restés comme ils étaient. Le détail dit où elle est.',
  ],
  HS_OUTLOOKS_READ: ['Les prévisions des sites sont illisibles.', 'Vérifiez les droits du fichier.'],
  HS_OUTLOOKS_WRITE: [
    'Les prévisions des sites ne peuvent être écrites.',
    'Vérifiez les droits et la place sur le disque.',
  ],
  HS_OUTLOOKS_SET_ASIDE: [
    'Les prévisions des sites étaient illisibles et ont été mises de côté.',
    'Elles ne sont plus montrées ; les mesures, oui.',
  ],
  HS_CLOUD_SERVERS_READ: [
    'La liste des serveurs créés chez les clouds est illisible.',
    'Vérifiez les droits du fichier, puis redémarrez Halfspread.',
  ],
  HS_CLOUD_SERVERS_WRITE: [
    'La liste des serveurs créés chez les clouds ne peut être écrite.',
    'Vérifiez les droits et la place sur le disque.',
  ],
  HS_CLOUD_SERVERS_SET_ASIDE: [
    'La liste des serveurs créés chez les clouds était illisible et a été mise de côté.',
    'Les serveurs qui existent continuent et coûtent : regardez la console du cloud.',
  ],

  HS_CLOUD_ACCOUNT: [
    'Le cloud signale un problème avec ce compte.',
    'Réglez-le avec le fournisseur, puis vérifiez à nouveau.',
  ],
  HS_CLOUD_ANSWER: [
    'Le cloud a répondu sous une forme que cette version ne connaît pas.',
    'Voyez la page d’état du fournisseur ; si tout y va bien, mettez Halfspread à jour ou prenez un serveur que vous avez.',
  ],
  HS_CLOUD_BOOT: [
    'Le serveur a été créé mais n’est pas devenu utilisable. Il est facturé jusqu’à sa suppression.',
    'Reprenez pour attendre encore, ou supprimez-le : ce qui a disparu est prouvé.',
  ],
  HS_CLOUD_HOST_KEY: [
    'Le nouveau serveur n’a pas pu se faire sa propre clé d’hôte ; il montre encore celle du premier démarrage.',
    'Reprenez ; si cela se répète, supprimez le serveur et créez-en un autre.',
  ],
  HS_CLOUD_KEYS: [
    'Les clés SSH d’un serveur ne peuvent être gardées sur cette machine.',
    'Vérifiez les droits d’écriture et la place sur le disque.',
  ],
  HS_CLOUD_LEFT: [
    'Tout n’a pas disparu chez le cloud ; ce qui reste peut continuer de coûter.',
    'Réessayez dans une minute ; si cela reste, supprimez-le dans la console du fournisseur.',
  ],
  HS_CLOUD_LIMIT: [
    'Le cloud refuse un serveur de plus à ce compte. Aucun serveur n’a été créé.',
    'Supprimez un serveur inutile, ou demandez au fournisseur de relever la limite.',
  ],
  HS_CLOUD_NO_SERVER: [
    'Aucun serveur d’un cloud n’appartient à ce site.',
    'Désinstallez plutôt le site ; un serveur à vous se supprime là où vous l’avez commandé.',
  ],
  HS_CLOUD_NO_TOKEN: [
    'Halfspread n’a pas encore accès à ce cloud ; rien n’y a été demandé.',
    'Donnez d’abord un accès.',
  ],
  HS_CLOUD_OTHER_SERVER: [
    'Ce site a déjà un serveur.',
    'Reprenez avec le même choix, supprimez d’abord ce serveur, ou donnez un autre nom au nouveau.',
  ],
  HS_CLOUD_PRICE: [
    'Le prix n’est plus celui qui a été accepté. Aucun serveur n’a été créé.',
    'Regardez le nouveau prix et acceptez-le, ou prenez une autre offre.',
  ],
  HS_CLOUD_RATE: [
    'Le cloud demande d’attendre : trop de requêtes.',
    'Attendez, puis reprenez : ce qui est créé est retrouvé.',
  ],
  HS_CLOUD_READ_ONLY: [
    'Cet accès permet de lire, pas de créer ni de supprimer des serveurs. Rien n’a été fait.',
    'Créez un jeton en lecture et écriture, ou ajoutez à ses droits les actions que nomme la documentation.',
  ],
  HS_CLOUD_REFUSED: [
    'Le cloud a refusé la demande.',
    'Lisez ce qu’il dit ; prenez une autre offre ou région, ou un serveur que vous avez.',
  ],
  HS_CLOUD_REGION: ['Ce cloud n’a pas cette région. Aucun serveur n’a été créé.', 'Choisissez-en une dans la liste.'],
  HS_CLOUD_REGION_FULL: [
    'Cette offre n’est pas disponible dans cette région en ce moment. Aucun serveur n’a été créé.',
    'Prenez une autre offre ou une autre région.',
  ],
  HS_CLOUD_TOKEN: [
    'Le cloud n’accepte pas l’accès donné. Rien n’a été créé.',
    'Créez un nouvel accès (l’ancien a peut-être expiré ou été supprimé), puis donnez-le.',
  ],
  HS_CLOUD_TOKEN_DAMAGED: [
    'L’accès au cloud, dans le stockage des secrets, a été modifié par autre chose.',
    'Redonnez-le.',
  ],
  HS_CLOUD_TOKEN_FORM: [
    'Cela n’a pas la forme d’un accès à ce cloud.',
    'Hetzner : un seul mot de 64 lettres et chiffres, en lecture et écriture. AWS : l’identifiant de clé (AKIA…) et son secret de 40 caractères, d’un utilisateur IAM durable.',
  ],
  HS_CLOUD_UNREACHABLE: ['Le cloud ne répond pas.', 'Vérifiez la connexion et la page d’état du fournisseur.'],

  HS_LINK_BAD_MESSAGE: [
    'Le moteur a envoyé un message que ce programme ne comprend pas.',
    'Prenez la même version de Halfspread des deux côtés.',
  ],
  HS_LINK_DOWN: [
    'Il n’y a pas de connexion au moteur en ce moment ; rien n’a été envoyé.',
    'Attendez qu’elle revienne, puis réessayez.',
  ],
  HS_LINK_LOST: ['Il n’y a pas de connexion au moteur.', 'Regardez s’il tourne.'],
  HS_LINK_NOT_ENROLLED: [
    'L’agent ne connaît pas ce poste, ou pas avec ce rôle.',
    'Inscrivez ce poste depuis la page Sites (par SSH), ou prenez celui qui est inscrit.',
  ],
  HS_LINK_REVOKED: [
    'L’agent a révoqué ce poste : il n’accepte plus de connexion de lui.',
    'Si ce n’était pas voulu, réinscrivez ce poste depuis la page Sites (par SSH).',
  ],
  HS_LINK_SESSIONS: [
    'L’agent sert déjà autant de clients qu’il peut.',
    'Fermez Halfspread sur un autre ordinateur ; celui-ci réessaie de lui-même.',
  ],
  HS_LINK_TLS: [
    'La connexion chiffrée à l’agent n’a pas pu s’établir.',
    'Elle est retentée d’elle-même. Si cela dure, regardez si un autre programme répond sur ce port.',
  ],
  HS_LINK_UNREACHABLE: [
    'Le serveur de l’agent ne répond pas. S’il tradait, l’agent continue de lui-même.',
    'La connexion est retentée d’elle-même. Vérifiez la ligne d’ici, que le serveur tourne, et son pare-feu.',
  ],
  HS_LINK_VERSION: [
    'Le moteur et ce programme n’ont pas de version de protocole en commun.',
    'Prenez la même version de Halfspread des deux côtés.',
  ],
  HS_LINK_WRONG_ENGINE: [
    'Ce qui répond n’est pas le moteur attendu. Rien ne lui a été confié.',
    'Arrêtez Halfspread et cherchez quel programme répond à sa place.',
  ],
  HS_LINK_WRONG_PIN: [
    'Le serveur qui répond n’a pas la clé avec laquelle l’agent a été déployé. Rien ne lui a été envoyé.',
    'Si vous n’avez pas réinstallé le serveur, ne l’utilisez pas et regardez avec votre propre client SSH. Sinon, redéployez l’agent.',
  ],

  HS_AGENT_ANSWER_TOO_LARGE: [
    'La réponse est trop grande pour un seul message.',
    'Demandez moins de lignes à la fois.',
  ],
  HS_AGENT_BUSY: [
    'L’agent est en train d’être verrouillé ou déverrouillé ; rien d’autre n’a été fait.',
    'Attendez que ce soit fini, puis regardez son état.',
  ],
  HS_AGENT_LOCKED: [
    'L’agent est verrouillé : il n’a pas de clés et ne fait tourner aucun bureau. Rien n’a été fait.',
    'Déverrouillez-le d’ici ; Halfspread le fait de lui-même quand il tourne.',
  ],
  HS_AGENT_LOCKED_OPEN: [
    'L’agent est verrouillé, et d’après son journal quelque chose est encore ouvert sur les places.',
    'Déverrouillez-le pour qu’il s’en occupe ; en attendant, regardez les pages des places.',
  ],
  HS_AGENT_NOT_INITIALISED: ['Ce dossier ne contient pas d’agent.', 'Redéployez le site.'],
  HS_AGENT_ROLE: [
    'Ce poste n’a pas le rôle qu’il faut pour cela. Rien n’a été fait.',
    'Prenez un poste qui a ce rôle.',
  ],
  HS_AGENT_RUNNING: ['Un agent tourne déjà sur ce dossier.', 'Arrêtez d’abord le service.'],
  HS_AGENT_UNLOCKED: [
    'L’agent est déjà déverrouillé et son bureau tourne ; rien n’a changé.',
    'Pour lui donner d’autres clés ou un autre bureau, verrouillez-le d’abord.',
  ],
  HS_AUTHORIZATION_DEVICE: [
    'Cette commande ne peut être autorisée par cet appareil : d’autres programmes peuvent lire sa clé. Rien n’a été fait.',
    'Confirmez-la dans la fenêtre de Halfspread.',
  ],
  HS_AUTHORIZATION_REQUIRED: [
    'Cette commande doit être signée par l’appareil qui la demande, et ne l’était pas. Rien n’a été fait.',
    'Confirmez-la dans la fenêtre de Halfspread.',
  ],
  HS_AUTHORIZATION_SIGNATURE: [
    'La signature de cette commande n’est pas la sienne dans cette session. Rien n’a été fait.',
    'Confirmez-la à nouveau ; si vous ne l’avez pas demandée, lisez le journal.',
  ],
  HS_CERTIFICATE: ['Un certificat est inutilisable.', 'Redéployez : Halfspread les fait lui-même.'],
  HS_COMMAND_ID_REFUSED: [
    'L’identifiant de cette commande n’est pas acceptable ; rien n’a été fait.',
    'Regardez l’état du moteur, puis redonnez la commande.',
  ],
  HS_ENROL_REFUSED: ['L’agent refuse cette inscription.', 'Inscrivez ce poste depuis la page Sites.'],
  HS_KEY_FORMAT: [
    'Une clé du protocole n’a pas la bonne forme.',
    'Démarrez le moteur par Halfspread, qui les fait lui-même.',
  ],
  HS_NOT_AN_AGENT: [
    'C’est l’affaire d’un agent sur un serveur ; ce moteur n’en est pas un. Rien n’a été fait.',
    'Choisissez d’abord le site du serveur ; prenez la même version des deux côtés.',
  ],
  HS_NOT_RUNNING: ['Aucun agent ne répond à cet endroit.', 'Démarrez le service ; son journal dit pourquoi il a fini.'],
  HS_PORT_BUSY: [
    'Un autre programme occupe le port de l’agent : il n’y est pas joignable.',
    'Arrêtez ce programme, ou déployez l’agent avec un autre port.',
  ],
  HS_PURGE_NOT_FLAT: [
    'Cet agent a des trades ouverts : enlever son journal perdrait ce qu’on en sait.',
    'Déverrouillez-le et fermez tout d’abord ; des positions peuvent être sur les places.',
  ],
  HS_SEAL: [
    'Les clés étaient scellées pour un autre démarrage, un autre agent ou par un autre appareil ; rien n’a été déverrouillé.',
    'Déverrouillez à nouveau : le poste les scelle pour l’agent auquel il est relié.',
  ],
  HS_SEAL_TOO_LARGE: [
    'Ce que le bureau reçoit au démarrage est trop grand pour être transmis.',
    'Raccourcissez la configuration : ôtez-en les bots que ce bureau ne fait pas tourner.',
  ],
  HS_STATE_FILE: [
    'Un fichier d’état de l’agent est abîmé. Rien n’a été changé.',
    'Remettez-le depuis une sauvegarde ; sinon arrêtez l’agent et redéployez-le.',
  ],
  HS_TERM_FILE: [
    'Le fichier qui dit quel moteur peut trader est inutilisable. Aucun moteur n’a été démarré ni déverrouillé.',
    'Regardez quel moteur trade (page Sites). Si aucun ne trade, enlevez le fichier.',
  ],
  HS_TERM_NOT_HELD: [
    'Ce moteur observe seulement : le droit de trader est donné à un autre, ou à aucun.',
    'Deux moteurs ne tradent jamais à la fois. Arrêtez l’autre, puis passez la main depuis la page Sites.',
  ],
  HS_TERM_OLD: [
    'Le droit de trader donné n’est pas plus récent que celui que l’agent connaît.',
    'Regardez quel moteur trade, puis passez la main depuis la page Sites.',
  ],
  HS_UNLOCK_CONTENT: [
    'Ce que l’agent devait démarrer n’est pas complet.',
    'Prenez la même version de Halfspread des deux côtés.',
  ],
};
