/** Errors of venues, accounts and keys in French. */
import type { ErrorTable } from '../error-words.ts';

export const venueErrors: ErrorTable = {
  HS_ACCOUNTS_ABORTED: ['La demande a été arrêtée avant la réponse de la place.', 'Recommencez quand vous voulez.'],
  HS_ACCOUNTS_PROGRAM: [
    'Le programme qui interroge les places a échoué.',
    'Réessayez ; réinstallez ou reconstruisez Halfspread si cela dure.',
  ],
  HS_ACCOUNTS_REQUEST: [
    'La demande à la place n’est pas valide.',
    'Corrigez l’adresse ou le champ que nomme le détail.',
  ],
  HS_ACCOUNTS_TIMEOUT: [
    'La place n’a pas fini de répondre ; la demande a été arrêtée.',
    'Vérifiez la ligne et l’adresse, puis réessayez.',
  ],
  HS_DEVICE_DAMAGED: [
    'L’identité de ce poste, dans le stockage, a été modifiée par autre chose.',
    'Supprimez-y l’entrée « device » de Halfspread ; une nouvelle identité est faite, et chaque serveur doit réinscrire ce poste.',
  ],
  HS_KEYS_READ: ['La liste des clés est illisible.', 'Vérifiez les droits du fichier, puis redémarrez Halfspread.'],
  HS_KEY_CANCELLED: ['Annulé ; rien n’a changé.', 'Recommencez quand vous voulez.'],
  HS_KEY_MISSING: [
    'Il n’y a pas de clé de trading pour cette place à cette adresse.',
    'Ajoutez-en une sous Risque et clés.',
  ],
  HS_KEY_NOT_DETERMINISTIC: [
    'Ce portefeuille signe le même message à chaque fois autrement : aucune clé Paradex stable n’en découle.',
    'Prenez un portefeuille aux signatures déterministes, ou collez une sous-clé faite chez Paradex.',
  ],
  HS_SECRET_NOTHING: ['Rien n’a encore été lu.', 'Copiez le secret, puis lisez le presse-papiers.'],

  HS_NET_NOT_CONNECTED: [
    'La connexion à la place est coupée : rien n’est parti.',
    'Elle se rétablit d’elle-même ; vérifiez le réseau si cela dure.',
  ],
  HS_NET_NOT_OPEN: ['La connexion n’est pas ouverte.', 'Elle se rétablit d’elle-même.'],
  HS_NET_NO_ANSWER: [
    'Il n’y a pas eu de réponse complète : l’issue est inconnue.',
    'Vérifiez la ligne et l’adresse ; ce qui peut l’être sans risque est retenté.',
  ],
  HS_NET_UNANSWERED: [
    'La place n’a pas répondu : l’issue est inconnue.',
    'Halfspread redemande de lui-même ; vérifiez le réseau si cela se répète.',
  ],
  HS_VENUE_NO_MARKETS: ['La place ne liste aucun marché à cette adresse.', 'Vérifiez l’adresse ; réessayez plus tard.'],
  HS_VENUE_STREAM: [
    'Le flux de données de la place ne marche pas d’ici.',
    'Vérifiez l’adresse WebSocket ; certains réseaux et intermédiaires bloquent les WebSockets.',
  ],

  HS_PARADEX_CLOCK: ['L’heure de Paradex n’a pas pu être lue.', 'Elle est redemandée.'],
  HS_PARADEX_CONFIG: ['La connexion à Paradex est mal réglée.', 'Corrigez le champ que nomme le détail.'],
  HS_PARADEX_FOREIGN_FILL: [
    'Une exécution chez Paradex n’appartient à aucun ordre d’ici.',
    'Quelqu’un d’autre utilise-t-il ce compte ?',
  ],
  HS_PARADEX_FRAME: [
    'Une trame de Paradex est illisible.',
    'Les données sont redemandées ; si cela se répète, Halfspread doit être mis à jour.',
  ],
  HS_PARADEX_GEO_BLOCKED: [
    'Paradex ne sert pas le pays de l’adresse internet de cette machine.',
    'Ses conditions disent où elle peut être utilisée ; Halfspread ne les contourne pas.',
  ],
  HS_PARADEX_KEY_FORMAT: [
    'Ce n’est pas une clé Paradex.',
    'Copiez l’adresse du compte et la clé privée d’une sous-clé ; les deux commencent par 0x.',
  ],
  HS_PARADEX_LADDER: ['Des ordres Paradex n’ont pas pu être signés d’avance ; ils le sont à leur signal.', ''],
  HS_PARADEX_LOGIN: [
    'Le renouvellement de la session Paradex a échoué.',
    'Il est retenté ; vérifiez la clé si cela dure.',
  ],
  HS_PARADEX_MESSAGE: [
    'Une réponse de Paradex est illisible et n’est pas utilisée.',
    'Si cela se répète, Paradex a changé son protocole et Halfspread doit être mis à jour.',
  ],
  HS_PARADEX_NOT_REVOKED: [
    'Paradex dit la sous-clé révoquée, mais la liste encore.',
    'Révoquez-la chez Paradex, puis essayez-la ici.',
  ],
  HS_PARADEX_NOT_V1: ['Ce qui répond n’est pas l’API v1 de Paradex.', 'Vérifiez l’adresse ; elle finit par /v1.'],
  HS_PARADEX_NO_SUBKEY: [
    'Ce compte Paradex n’a pas cette sous-clé : déjà révoquée, ou d’un autre compte.',
    'Rien à faire si vous vouliez vous en défaire.',
  ],
  HS_PARADEX_PAGES: [
    'Paradex a donné une liste trop longue ; incomplète, elle n’est pas utilisée.',
    'Demandez une durée plus courte.',
  ],
  HS_PARADEX_REFUSED: ['Paradex a refusé.', 'Vérifiez le compte, sa clé et la page d’état de Paradex.'],
  HS_PARADEX_REJECTED_BUT_FILLED: [
    'Un ordre refusé par Paradex a été exécuté malgré tout.',
    'Comparez avec la page de Paradex.',
  ],
  HS_PARADEX_RESYNC: ['Le flux de Paradex a un trou : il est repris à neuf.', ''],
  HS_PARADEX_REVOCATION_UNKNOWN: [
    'On ne sait pas si la sous-clé est révoquée.',
    'Révoquez-la à nouveau ; deux fois ne nuit pas.',
  ],
  HS_PARADEX_RPC: ['Paradex a refusé une demande.', 'Voyez le code d’erreur dans le détail.'],
  HS_PARADEX_STOPPED: ['Le client Paradex est arrêté.', 'Redémarrez le moteur.'],
  HS_PARADEX_STREAM_REFUSED: [
    'Paradex refuse un abonnement.',
    'Si cela se répète, Paradex a changé son protocole et Halfspread doit être mis à jour.',
  ],
  HS_PARADEX_SUBKEY_UNPROVEN: [
    'Paradex a pris la nouvelle sous-clé, mais elle n’a pas passé son essai.',
    'Sa clé privée est détruite : personne ne peut s’en servir. Réessayez.',
  ],
  HS_PARADEX_SUBSCRIBE: ['Un abonnement au flux de Paradex a échoué.', 'Il est retenté.'],
  HS_PARADEX_TRADING_SETUP: [
    'La préparation du trading chez Paradex a échoué.',
    'Elle est retentée ; le détail dit pourquoi.',
  ],
  HS_PARADEX_UNAVAILABLE: [
    'Paradex n’a pas pu répondre.',
    'Halfspread redemande ; voyez la page d’état de Paradex si cela dure.',
  ],

  HS_VEST_ACCOUNT: ['Le compte Vest n’a pas pu être lu.', 'Il est redemandé ; vérifiez la clé si cela dure.'],
  HS_VEST_CANCEL_UNKNOWN: [
    'L’ordre ne peut être annulé : Vest ne le connaît pas (encore).',
    'Redemandez, ou attendez la fin de la fenêtre de réception : un tel ordre finit de lui-même.',
  ],
  HS_VEST_CLOCK: ['Les deux horloges de Vest diffèrent : seule la date de ses réponses est utilisée.', ''],
  HS_VEST_EXPIRY_PAST: ['La fin choisie pour l’enregistrement Vest est déjà passée.', 'Choisissez une fin à venir.'],
  HS_VEST_FILL_UNCONFIRMED: [
    'On n’a pas pu demander à Vest si un ordre a été exécuté davantage.',
    'Comparez avec la page de Vest.',
  ],
  HS_VEST_FRAME: ['Une trame de Vest est illisible ; elle est sautée, la suivante la remplace.', ''],
  HS_VEST_HALT: ['Vest ne négocie pas ce marché en ce moment.', 'Les entrées attendent.'],
  HS_VEST_KEY_FORMAT: [
    'Ce n’est pas une clé Vest.',
    'Une clé Vest est une clé privée Ethereum : 0x et 64 chiffres hexadécimaux.',
  ],
  HS_VEST_KEY_REFUSED: ['Vest a refusé la clé d’API d’un ordre.', 'Enregistrez à nouveau la clé de signature.'],
  HS_VEST_KEY_UNPROVEN: [
    'Vest a pris l’enregistrement, mais la nouvelle clé n’a pas passé son essai.',
    'La clé est détruite : personne ne peut s’en servir. Recommencez.',
  ],
  HS_VEST_LADDER: ['Les ordres Vest ne sont plus signés d’avance : chacun l’est à son signal.', ''],
  HS_VEST_LISTEN_KEY: ['La clé d’écoute de Vest n’a pas été renouvelée.', 'Réessai dans une minute.'],
  HS_VEST_NONCE_BEHIND: [
    'Vest a déjà vu un numéro plus grand : chaque ordre serait refusé.',
    'Un autre programme utilise cette clé, ou l’horloge a reculé : une clé de signature par site.',
  ],
  HS_VEST_NOT_V2: [
    'Ce qui répond n’est pas l’API v2 de Vest.',
    'Vérifiez l’adresse ; elle finit par /v2. Vest l’a peut-être éteinte.',
  ],
  HS_VEST_NO_ANSWER: ['Vest n’a pas répondu.', 'Vérifiez la ligne.'],
  HS_VEST_FOREIGN_ORDER: ['Cet ordre n’a pas été préparé par ce client : il n’est pas parti.', ''],
  HS_VEST_ORDER_REUSED: [
    'Cet ordre est déjà parti une fois ; il n’est pas renvoyé.',
    'Demandez à la place ce qu’il est devenu.',
  ],
  HS_VEST_PAGE_FULL: [
    'Vest liste trop d’ordres d’un coup : d’autres peuvent être cachés.',
    'Comparez les exécutions à la main.',
  ],
  HS_VEST_PUBLIC_ONLY: [
    'L’API v2 de Vest montre encore des marchés, mais ses comptes n’y répondent plus : rien ne peut y être négocié.',
    'Le papier peut prendre ses prix. Pour le réel, Vest doit offrir à nouveau des comptes v2.',
  ],
  HS_VEST_QUERY_UNFILTERED: [
    'Vest a listé d’autres ordres que celui demandé : sa réponse ne prouve rien.',
    'La place a changé son protocole : réglez l’ordre à la main.',
  ],
  HS_VEST_REFUSED: ['Vest a refusé.', 'Si sa clé d’API n’est pas acceptée, enregistrez à nouveau la clé de signature.'],
  HS_VEST_REGISTRATION_UNKNOWN: [
    'On ne sait pas si Vest a pris l’enregistrement. La clé faite pour lui est détruite : personne ne peut s’en servir.',
    'Enregistrez à nouveau : une nouvelle clé est faite à chaque fois.',
  ],
  HS_VEST_SAMPLE: ['L’état des marchés de Vest n’a pas pu être relu.', 'Il est redemandé.'],
  HS_VEST_SOCKET_LOST: ['Une connexion à Vest s’est fermée ; elle se rétablit d’elle-même.', ''],
  HS_VEST_STOPPED: ['Le client Vest a été arrêté pendant son démarrage.', 'Redémarrez-le.'],
  HS_VEST_STREAM_REFUSED: [
    'Vest refuse un abonnement.',
    'Si cela se répète, Vest a changé son protocole et Halfspread doit être mis à jour.',
  ],
  HS_VEST_TRADING: ['Vest négocie à nouveau ce marché.', ''],
  HS_VEST_UNKNOWN_MARKET: [
    'Vest n’a pas ce marché.',
    'Corrigez la paire dans la configuration ; le détail nomme les marchés.',
  ],
  HS_VEST_UNREACHABLE: ['Vest est injoignable.', 'La connexion est retentée.'],
  HS_VEST_UNREADABLE: [
    'La réponse de Vest n’est pas ce que dit son protocole ; elle ne dit rien du compte.',
    'C’est d’ordinaire l’intermédiaire devant la place ; la question est répétée. Si cela dure, la place a changé son protocole.',
  ],
  HS_VEST_V3: [
    'La nouvelle passerelle de Vest (API v3) répond à cette adresse. Halfspread n’y trade pas.',
    'Trader sur Vest demande son API v2. Prenez une adresse qui répond en v2, ou restez en exercice et papier.',
  ],
};
