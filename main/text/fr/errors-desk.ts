/** Errors of the desk, its modes and this machine in French. */
import type { ErrorTable } from '../error-words.ts';

export const deskErrors: ErrorTable = {
  HS_INTERNAL: [
    'Quelque chose d’inattendu s’est produit.',
    'Lisez le journal ; redémarrez Halfspread si cela dure, et signalez-le.',
  ],
  HS_UNEXPECTED: [
    'Quelque chose d’inattendu s’est produit dans la fenêtre.',
    'Rouvrez la fenêtre ; signalez-le si cela dure.',
  ],
  HS_UNKNOWN: ['L’appel a échoué sans raison donnée.', 'Regardez l’état affiché, puis recommencez s’il le faut.'],
  HS_CALL_TIMEOUT: ['Le programme n’a pas répondu à temps.', 'Regardez l’état affiché, puis recommencez s’il le faut.'],
  HS_WINDOW_LINK_LOST: [
    'La liaison s’est interrompue avant la réponse ; on ne sait pas si c’est fait.',
    'Regardez l’état affiché quand elle revient, puis recommencez s’il le faut.',
  ],
  HS_IPC_INVALID: [
    'La fenêtre et le programme ne se comprennent pas.',
    'Ils sont sans doute de versions différentes : redémarrez Halfspread.',
  ],
  HS_NO_ANSWER: ['Il n’y a pas eu de réponse à temps.', 'Vérifiez la ligne, puis réessayez.'],

  HS_ARM_ARMED: ['Le bureau est déjà armé.', 'Désarmez-le d’abord pour changer ses limites.'],
  HS_ARM_BUSY: ['Le bureau est déjà en train d’être armé.', 'Attendez sa réponse.'],
  HS_ARM_CALLED_OFF: [
    'Pas armé : annulé entre-temps (désarmement, écran verrouillé ou veille).',
    'Armez à nouveau quand vous êtes là.',
  ],
  HS_ARM_CHECKS: [
    'Pas armé : un contrôle ne passe pas.',
    'Corrigez ce que les contrôles nomment, puis armez à nouveau.',
  ],
  HS_ARM_LATE: ['Pas armé : la réponse est venue trop tard.', 'Armez à nouveau, avec les valeurs de maintenant.'],
  HS_ARM_LIMITS: [
    'Pas armé : une limite est plus large que la configuration ne le permet.',
    'Ici les limites ne se resserrent que ; de plus larges se mettent dans le fichier de configuration.',
  ],
  HS_ARM_NOT_LIVE: ['Aucun bureau réel ne tourne : il n’y a rien à armer.', 'Choisissez d’abord le réel.'],
  HS_ARM_OTHER_ENGINE: [
    'Pas armé : le moteur a redémarré entre-temps.',
    'Regardez ses contrôles, puis armez à nouveau.',
  ],
  HS_ARM_REFUSED: ['Le bureau n’a pas été armé.', 'Corrigez ce qui est nommé, puis armez à nouveau.'],
  HS_ARM_TYPED: ['Pas armé : ce qui a été tapé n’est pas le notionnel maximal par place.', 'Tapez la valeur affichée.'],
  HS_ARM_UNDER_WAY: [
    'L’armement est déjà en cours.',
    'Répondez à la question posée hors de cette fenêtre, ou refusez-la.',
  ],
  HS_CONFIRM_BUSY: ['Une autre question attend son code ; rien n’a été fait.', 'Répondez-y ou annulez-la d’abord.'],
  HS_CONFIRM_EXPIRED: [
    'Le code n’a pas été tapé à temps ; rien n’a été fait.',
    'Recommencez : un nouveau code paraît dans le terminal.',
  ],
  HS_CONFIRM_LOCKED: ['De mauvais codes ont été tapés avant ; rien n’a été fait.', 'Réessayez dans un moment.'],
  HS_CONFIRM_OVER: [
    'Cette question est passée ; rien n’a été confirmé.',
    'Recommencez : la question est posée à nouveau, hors de cette fenêtre.',
  ],
  HS_CONFIRM_WRONG_CODE: [
    'Trop de mauvais codes ; rien n’a été confirmé.',
    'Recommencez dans un moment : un nouveau code paraît dans le terminal.',
  ],
  HS_MODE_REFUSED: ['Le mode n’est pas changé.', 'Réglez ce que la liste nomme, puis choisissez à nouveau.'],
  HS_MODE_SWITCHING: ['Le mode est déjà en train de changer.', 'Attendez que ce soit fini.'],
  HS_ENDPOINT_INVALID: [
    'L’adresse d’une place est inutilisable. Rien n’a changé.',
    'Corrigez-la, ou choisissez un réseau publié.',
  ],
  HS_PROBES_READ: ['Les derniers sondages sont illisibles.', 'Vérifiez les droits du fichier.'],
  HS_PROBES_WRITE: ['Les sondages ne peuvent être écrits.', 'Vérifiez les droits et la place sur le disque.'],
  HS_PROBES_SET_ASIDE: [
    'Les derniers sondages étaient illisibles et ont été mis de côté.',
    'Sondez les places à nouveau.',
  ],
  HS_CONFIG_CHECK: [
    'La configuration du bureau n’a pas pu être contrôlée.',
    'Réessayez ; sinon redémarrez Halfspread.',
  ],
  HS_CONFIG_INVALID: [
    'La configuration est inutilisable.',
    'Corrigez les lignes nommées ; rien n’a été démarré et aucun fichier n’a changé.',
  ],
  HS_CONFIG_MISSING: [
    'Le bureau n’a pas de fichier de configuration.',
    'Ouvrez-le d’ici : il est créé avec des valeurs commentées.',
  ],
  HS_CONFIG_READ: ['Le fichier de configuration du bureau est illisible.', 'Vérifiez que vous pouvez le lire.'],
  HS_CONFIG_TRADE_OPEN: [
    'Un trade est encore ouvert, commencé avec une autre configuration.',
    'Démarrez avec l’ancienne, fermez le trade, puis changez-la.',
  ],
  HS_CONFIG_WRITE: [
    'Le fichier de configuration ne peut être écrit.',
    'Vérifiez les droits et la place sur le disque.',
  ],
  HS_BAD_BOT: ['La configuration n’a pas de bot de ce nom.', 'Le détail donne les noms qu’elle a.'],
  HS_COMMAND_NEEDS_PERSON: [
    'Cette commande n’est pas envoyée sur la seule demande de la fenêtre ; rien n’a été fait.',
    'Armez depuis la boîte de dialogue : elle vous interroge aussi hors de la fenêtre.',
  ],
  HS_COMMAND_REFUSED: [
    'Le moteur refuse cette commande en ce moment.',
    'Vue d’ensemble dit ce qui est ouvert, et pourquoi.',
  ],
  HS_COMMAND_UNKNOWN: [
    'Le moteur n’a pas répondu ; on ne sait pas si la commande a pris effet.',
    'Regardez l’état affiché, puis recommencez s’il le faut.',
  ],
  HS_NOT_LIVE: [
    'C’est l’affaire du trading réel ; ce bureau n’envoie aucun ordre réel. Rien n’a été fait.',
    'Démarrez d’abord le bureau en réel.',
  ],
  HS_DISARMED: [
    'Le bureau n’est pas armé : un ordre qui ouvrirait une position n’est pas parti.',
    'Armez-le dans la fenêtre ; elle demande les limites et contrôle tout d’abord.',
  ],
  HS_CLOSE_INCOMPLETE: [
    'Tout n’a pas pu être fermé.',
    'Regardez ce qui reste ouvert, puis fermez à nouveau ; sinon sur les pages des places.',
  ],

  HS_ALERTS_MUTE: ['La fin du silence est déjà passée ; rien n’a changé.', 'Choisissez un moment à venir.'],
  HS_INBOX_READ: ['La liste des alertes est illisible.', 'Vérifiez les droits du fichier.'],
  HS_INBOX_WRITE: ['La liste des alertes ne peut être écrite.', 'Vérifiez les droits et la place sur le disque.'],
  HS_INBOX_SET_ASIDE: ['La liste des alertes était illisible et a été mise de côté.', 'Elle recommence vide.'],
  HS_SETTINGS_READ: ['Les réglages sont illisibles.', 'Vérifiez les droits du fichier.'],
  HS_SETTINGS_WRITE: ['Les réglages ne peuvent être écrits.', 'Vérifiez les droits et la place sur le disque.'],
  HS_SETTINGS_SET_ASIDE: [
    'Les réglages étaient illisibles et ont été mis de côté.',
    'Halfspread démarre avec les siens. Le détail dit où sont les vôtres.',
  ],
  HS_WINDOW_READ: ['La place de la fenêtre est illisible.', 'Vérifiez les droits du fichier.'],
  HS_WINDOW_WRITE: ['La place de la fenêtre ne peut être écrite.', 'Vérifiez les droits et la place sur le disque.'],
  HS_WINDOW_SET_ASIDE: [
    'La place de la fenêtre était illisible et a été mise de côté.',
    'La fenêtre s’ouvre à sa place ordinaire.',
  ],
  HS_BUNDLE_GONE: ['Ce dossier d’assistance n’est plus là.', 'Rassemblez-le à nouveau.'],
  HS_BUNDLE_SAVE: [
    'Le dossier d’assistance n’a pas pu être enregistré.',
    'Choisissez un autre dossier, ou faites de la place sur le disque.',
  ],
  HS_EXTERNAL_LINK: [
    'Halfspread n’ouvre pas cette adresse : elle n’est pas de ses sites connus.',
    'Si vous vous y fiez, copiez-la vous-même dans votre navigateur.',
  ],
  HS_LOGIN_ITEM: [
    'Le démarrage à l’ouverture de session n’a pas été changé.',
    'Réglez-le dans les réglages du système, ou démarrez Halfspread à la main.',
  ],
  HS_MAIN_CRASHED: [
    'Halfspread s’est arrêté de lui-même : une erreur que rien n’a rattrapée.',
    'Si cela se répète, enregistrez un dossier d’assistance sur la page Diagnostic et signalez-le.',
  ],
  HS_SHELL_SWITCH: [
    'Halfspread ne démarre pas avec cette option : elle ouvrirait la fenêtre qui trade à d’autres programmes ou pages.',
    'Démarrez-le sans elle.',
  ],
  HS_BAD_OPTION: ['Un programme de Halfspread a reçu une option qu’il ne connaît pas.', 'Le détail la nomme.'],
  HS_JSON_REFUSED: ['Un message reçu est inutilisable.', 'Prenez la même version de Halfspread des deux côtés.'],
  HS_ALREADY_RUNNING: ['Halfspread tourne déjà sur ce dossier.', 'Prenez celui-là, ou quittez-le d’abord.'],
  HS_INSTANCE_LOCK: [
    'Le verrou de Halfspread ne peut être pris.',
    'Vérifiez les droits et la place sur le disque ; le fichier peut être enlevé.',
  ],
  HS_OTHER_USER: [
    'Le dossier de données appartient à un autre utilisateur.',
    'Démarrez Halfspread avec cet utilisateur, ou donnez un autre dossier par HALFSPREAD_HOME.',
  ],
  HS_PROCESS_CRASHED: [
    'Un programme de Halfspread s’est arrêté sans qu’on le lui demande.',
    'Il est relancé de lui-même ; s’il s’arrête encore, lisez le journal.',
  ],
  HS_PROCESS_START: [
    'Un programme de Halfspread n’a pas pu démarrer.',
    'Le journal dit pourquoi ; choisissez à nouveau une bande, ou redémarrez Halfspread.',
  ],
  HS_CATALOGUE: [
    'Les places d’exercice n’ont pas donné la liste de leurs bandes et réseaux.',
    'Réinstallez Halfspread, ou reconstruisez-le (npm run build), puis redémarrez-le.',
  ],
  HS_PRACTICE_CHOICE: ['Les places d’exercice n’ont pas cela.', 'Choisissez dans la liste.'],
  HS_PRACTICE_FAILED: [
    'Les places d’exercice se sont arrêtées sur une erreur.',
    'Signalez-le avec la ligne du détail.',
  ],
  HS_PRACTICE_VERIFIER: [
    'Le vérificateur de signatures de la place d’exercice ne marche plus : aucun ordre n’y est accepté.',
    'Redémarrez les places d’exercice ; signalez-le si cela se répète.',
  ],
  HS_NETWORK_UNKNOWN: ['Ce réseau n’existe pas.', 'Choisissez-en un dans la liste.'],
  HS_TAPE_UNKNOWN: ['Cette bande n’existe pas.', 'Choisissez-en une dans la liste.'],
  HS_TAPE_FORMAT: ['La description de la bande a une faute.', 'Corrigez le champ que nomme le détail.'],
  HS_TAPE_LINE: ['Une ligne de la bande est inutilisable.', 'Prenez un enregistrement complet.'],
  HS_TAPE_MISSING_FILE: ['Il manque un fichier à la bande.', 'Remettez-le, ou choisissez une bande de la liste.'],
  HS_TAPE_TICK: ['Un prix ou une taille de la bande ne tombe pas sur son pas.', 'Corrigez le pas dans tape.json.'],
  HS_DATA_IN_USE: [
    'Un moteur tourne déjà sur ce dossier de données ; un second écrirait dans son journal.',
    'Arrêtez le premier, ou donnez un autre dossier.',
  ],
  HS_DISK: [
    'Un fichier n’a pas pu être lu ou écrit.',
    'Vérifiez que le dossier existe, qu’il est à vous et qu’il y a de la place.',
  ],
  HS_JOURNAL_CORRUPT: [
    'Le journal du bureau n’est pas ce qui a été écrit : trader avec lui pourrait répéter ou oublier un ordre.',
    'Rien n’a changé. Remettez le fichier depuis une copie, ou déplacez-le pour commencer un nouvel historique.',
  ],
  HS_JOURNAL_FOREIGN: [
    'Le journal de ce dossier appartient à un autre mode ou à un autre compte.',
    'Donnez à chaque mode et compte son propre dossier.',
  ],
  HS_JOURNAL_TORN: [
    'La dernière ligne du journal était coupée et a été gardée à part ; tout ce qui précède est lu.',
    '',
  ],
  HS_LAUNCH: [
    'Ce que le moteur a reçu pour démarrer est inutilisable.',
    'Corrigez ce que nomme le détail (une clé ou une adresse vient de sa page de réglages).',
  ],
  HS_LISTEN: [
    'Un programme de Halfspread n’a pas pu ouvrir son port.',
    'Choisissez une autre adresse ou un autre port.',
  ],
  HS_LISTEN_BUSY: ['Le port est pris par un autre programme.', 'Arrêtez ce programme, ou choisissez un autre port.'],
  HS_PIPE_BUSY: [
    'Un moteur tourne déjà à cet endroit.',
    'Arrêtez-le, ou prenez un autre HALFSPREAD_HOME pour un second.',
  ],
  HS_PIPE_FOLDER: [
    'Le dossier de la liaison avec le moteur n’est pas à vous : un autre utilisateur pourrait s’y placer.',
    'Enlevez-le, ou donnez un dossier à vous par XDG_RUNTIME_DIR ou HALFSPREAD_HOME.',
  ],
  HS_PIPE_PATH: [
    'Le chemin de la liaison avec le moteur n’est pas absolu, ou trop long.',
    'Donnez un dossier plus court par XDG_RUNTIME_DIR ou HALFSPREAD_HOME.',
  ],
  HS_RUNTIME_FILE: [
    'La note d’un moteur en marche est illisible.',
    'Arrêtez le moteur s’il tourne, puis supprimez le fichier ; le démarrage le réécrit.',
  ],
  HS_STOP_FAILED: [
    'L’arrêt ne s’est pas fait proprement.',
    'Lisez le journal ; le prochain démarrage reprend ce qui est ouvert.',
  ],
  HS_MARKET_UNKNOWN: [
    'Les places n’ont pas ce marché.',
    'Vérifiez la paire dans la configuration ; le détail nomme les marchés connus.',
  ],
  HS_VENUE_SET: [
    'La description des places d’exercice est inutilisable.',
    'Redémarrez Halfspread ; les deux programmes doivent être de la même version.',
  ],
  HS_PAPER_LEDGER: [
    'Le registre du compte papier n’est pas ce qui a été écrit : on ne sait pas ce que le compte contient.',
    'Remettez le fichier depuis une copie, ou déplacez tout le dossier pour commencer un nouveau compte.',
  ],
  HS_PAPER_LEDGER_TORN: ['La dernière ligne du registre papier était coupée et a été laissée de côté.', ''],
  HS_PAPER_NOT_STARTED: ['Le compte papier n’est pas encore ouvert.', 'Attendez que le bureau ait démarré.'],

  HS_DESK_FAULT: ['Une faute s’est produite dans le bureau.', 'Lisez le journal, et signalez-le.'],
  HS_BOOK_EMPTY: ['La place ne montre aucun prix de ce côté : l’ordre n’est pas parti.', ''],
  HS_ORDER_NOT_BUILT: ['Un ordre n’a pas pu être préparé : il n’est pas parti.', ''],
  HS_ORDER_NOT_SENT: ['Un ordre n’est pas parti.', ''],
  HS_CANCEL_FAILED: ['Un ordre n’a pas pu être annulé.', ''],
  HS_QUERY_FAILED: ['La place n’a pas pu dire ce qu’un ordre est devenu ; la question est répétée.', ''],
  HS_ORDER_ANOMALY: ['Un ordre s’est comporté autrement que prévu.', 'Comparez avec la page de la place.'],
  HS_FILL_UNKNOWN: ['La place annonce une quantité exécutée sans son prix.', 'Comparez avec la page de la place.'],
  HS_FILL_UNEXPLAINED: [
    'Une exécution n’appartient à aucun ordre d’ici.',
    'Quelqu’un d’autre utilise-t-il ce compte ?',
  ],
  HS_ORDER_IDS_EXHAUSTED: [
    'Il ne reste aucun numéro d’ordre réservé sur le disque : aucun ordre n’est envoyé.',
    'Le disque est trop lent ou plein ; faites de la place, puis redémarrez.',
  ],
  HS_ORDER_REUSED: ['Cet ordre est déjà parti une fois ; il n’est pas renvoyé.', ''],
  HS_ORDER_STEP: ['La taille ou le prix d’un ordre ne tombe pas sur le pas du marché : il serait refusé.', ''],
  HS_ORDER_UNKNOWN: ['Cet ordre n’est pas connu ici.', 'Regardez la page de la place.'],
  HS_UNIT_FORMAT: ['Un nombre n’a pas la bonne forme.', 'Donnez un décimal simple, comme 0.0300 ou 61800.3.'],
  HS_RECOVERING: ['Un trade ouvert est repris : l’état de ses ordres est d’abord demandé aux places.', ''],
  HS_RECOVERY_TIMEOUT: ['Un ordre de la dernière fois est encore en doute.', 'Regardez la page de la place.'],
  HS_SEVERAL_TRADES_OPEN: ['Plusieurs trades du journal ne sont pas finis.', 'Regardez les pages des places.'],
  HS_TRADE_ABANDONED: [
    'Un trade était ouvert quand ses places d’exercice ont fini ; sa position a fini avec elles, sans résultat.',
    '',
  ],
  HS_VENUE_CLOSED: ['Une place ne prend pas d’ordres en ce moment.', 'Les entrées attendent qu’elle rouvre.'],
  HS_VENUE_OPEN: ['La place prend à nouveau des ordres.', ''],
  HS_VENUE_PROBE: ['On n’a pas pu demander à une place si elle est ouverte.', 'La question est répétée.'],
  HS_SIGN_CLOSED: ['Le signataire est fermé : rien ne peut être signé.', 'Redémarrez le moteur.'],
  HS_SIGN_FAILED: ['La signature d’un ordre a échoué.', 'Vérifiez les clés de trading.'],
  HS_SIGN_NO_KEY: [
    'Le signataire n’a pas de clé pour cette place.',
    'Ajoutez-la sous Risque et clés, puis redémarrez.',
  ],
  HS_SIGN_WORKER_DIED: ['Le signataire s’est arrêté : rien ne peut être signé.', 'Redémarrez le moteur.'],
};
