import type { modes as english } from '../en/modes.ts';
import type { SameKeys } from '../same-keys.ts';

export const modes: SameKeys<typeof english> = {
  'modes.config.note.head':
    'Le bureau des modes papier et réel. Spreads en pour cent (0.18 = 0,18 %), tailles en jetons, limites en USD.',
  'modes.config.note.head.reload':
    'Enregistrez, puis appuyez sur Relire dans Halfspread. Un fichier fautif n’est pas utilisé : le dernier valide reste.',
  'modes.config.note.spread':
    'Entrer à partir de ce spread, sortir à celui-ci. Un aller-retour coûte 0,11 % de frais publiés (Pro et Vest).',
  'modes.config.note.spreadMax': 'Un spread au-delà est tenu pour une donnée fausse.',
  'modes.config.note.confirmTicks': 'Combien de fois de suite le spread doit être vu avant une entrée.',
  'modes.config.note.size': 'D’un trade, en jetons.',
  'modes.config.note.orderClass': 'Ordres Paradex : pro paie des frais ; retail n’en paie pas et attend 300 ms.',
  'modes.config.note.maxNotional':
    'Valeur de la position sur une place, au plus. Armer le réel vous demande de la taper.',
  'modes.config.note.maxUnhedged': 'Une jambe seule plus longtemps que cela est une alarme ; le réel se désarme.',
  'modes.config.note.maxDayLoss': 'Perte d’un jour UTC à laquelle les entrées cessent ; le réel se désarme.',

  'arm.state.disarmed': 'désarmé, aucune entrée',
  'arm.state.armed': 'armé',
  'arm.reason.HS_DISARMED_START': 'Il n’a pas été armé depuis le démarrage du moteur.',
  'arm.reason.HS_DISARMED_RESTART': 'Le moteur a redémarré ; il était armé avant.',
  'arm.reason.HS_DISARMED_OPERATOR': 'Vous l’avez désarmé.',
  'arm.reason.HS_DISARMED_SCREEN_LOCKED': 'L’écran a été verrouillé.',
  'arm.reason.HS_DISARMED_SLEEP': 'Ce poste s’est mis en veille.',
  'arm.reason.HS_DISARMED_QUIT': 'Halfspread a été quitté.',
  'arm.reason.HS_DISARMED_UNHEDGED': 'Une jambe est restée seule plus longtemps que la limite.',
  'arm.reason.HS_DISARMED_DAY_LOSS': 'La perte du jour a atteint sa limite.',
  'arm.reason.HS_DISARMED_JOURNAL': 'Le journal n’a pas pu être écrit.',
  'arm.reason.HS_DISARMED_KEY_EXPIRY': 'Une clé est près de sa fin.',
  'arm.reason.HS_DISARMED_VENUE_LOST': 'Une place est restée trop longtemps inaccessible.',
  'arm.reason.HS_DISARMED_FAULT': 'Une panne qui demande quelqu’un.',
  'arm.reason.HS_DISARMED_MEANWHILE': 'Il a été désarmé pendant l’armement.',

  'arm.alert.lost.title': 'Le moteur armé s’est arrêté : exposition inconnue',
  'arm.alert.lost.body':
    'Ce qui est ouvert sur les places n’est pas connu avant qu’il ait regardé. Il redémarre et revient désarmé.',
  'arm.alert.blocked.body':
    'Halfspread a renoncé ({code}). Ce qui est ouvert sur les places n’est pas connu : regardez les deux maintenant.',
  'arm.alert.isDisarmed': 'Il est désarmé : aucune entrée.',
  'arm.alert.disarmed.title': 'Le trading réel a été désarmé',
  'arm.alert.disarmed.body': '{reason} Aucune entrée avant que vous l’armiez de nouveau.',
  'arm.alert.disarmed.open': '{reason} Aucune entrée ; ce qui est ouvert est toujours fermé et couvert.',
  'arm.unknown.tray': 'Exposition inconnue : le moteur armé s’est arrêté',
  'arm.tray.armed': 'Armé : de vrais ordres, au plus {notional} sur chaque place',
  'arm.tray.arm': 'Armer le trading réel…',
  'arm.tray.disarm': 'Désarmer',

  'arm.question.title': 'Armer le trading réel de {desk} sur {network} ?',
  'arm.question.real': 'De vrais ordres avec de l’argent réel, dès le prochain signal.',
  'arm.question.notional': 'Au plus {notional} sur chaque place, {size} par trade.',
  'arm.question.unhedged': 'Une jambe seule plus de {duration} désarme.',
  'arm.question.dayLoss': 'Une perte de {loss} dans un jour UTC désarme.',
  'arm.question.nakedLeg':
    'Pire cas, une jambe seule et la place qui répond : environ {cost} de perte, fermée après {duration}. Si elle ne répond pas, la jambe reste ouverte.',
  'arm.question.orders.pro': 'Ordres Paradex de classe Pro. Frais d’un aller-retour : {fees}.',
  'arm.question.orders.retail': 'Ordres Paradex de classe Retail, 300 ms plus tard. Frais d’un aller-retour : {fees}.',
  'arm.question.confirm': 'Armer le trading réel',
  'arm.question.cancel': 'Rester désarmé',
  'arm.code.terminal': 'Tapez ce code dans la fenêtre d’ici {seconds} s, ou ne faites rien : {code}',
};
