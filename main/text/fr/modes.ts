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
