import type { slippage as english } from '../en/slippage.ts';
import type { SameKeys } from '../same-keys.ts';

export const slippage: SameKeys<typeof english> = {
  'slippage.title': 'Slippage',
  'slippage.sub': 'détection − exécution = délai + walk ; les frais sont à côté, dans le coût total',
  'slippage.sentence':
    'Sur {n} épisodes, le slippage coûte **{mean} bps** en moyenne (intervalle à 95 % : {low} à {high}). {owner}',
  'slippage.sentence.noInterval':
    'Sur {n} épisodes, le slippage coûte **{mean} bps** en moyenne ; un intervalle en demande encore {needed}.',
  'slippage.sentence.gains':
    'Sur {n} épisodes, le slippage **rapporte {mean} bps** en moyenne (intervalle à 95 % : {low} à {high}). {owner}',
  'slippage.sentence.noDifference':
    'Sur {n} épisodes, aucun slippage n’est montré : moyenne **{mean} bps**, intervalle à 95 % de {low} à {high}, zéro compris. {owner}',
  'slippage.owner': 'La plus grande part : {part} sur {venue}, {value} bps.',
  'slippage.shortfall': 'Les frais ajoutent {fees} bps par épisode en moyenne, pour un coût total de {shortfall} bps.',
  'slippage.none': 'Aucun épisode pour l’instant.',
  'slippage.noneDetail':
    'Un épisode : les deux jambes d’une entrée ou d’une sortie. L’entrée attend {entry} ; le plus grand spread vu est {largest}.',
  'slippage.histogram': 'Distribution',
  'slippage.histogram.sub': 'part des épisodes par {width} bps ; à droite : pire',
  'slippage.histogram.summary': 'Slippage de {n} épisodes : moyenne {mean}, médiane {median}, p95 {p95} bps.',
  'slippage.histogram.latest': '{count} derniers sur {n}',
  'slippage.bin': 'De',
  'slippage.binTo': 'à',
  'slippage.count': 'Épisodes',
  'slippage.share': 'Part',
  'slippage.mean': 'moyenne',
  'slippage.median': 'médiane',
  'slippage.p95': 'p95',
  'slippage.sd': 'Écart-type',
  'slippage.episodes': 'Entrée et sortie',
  'slippage.episodes.sub': 'moyenne et intervalle à 95 %, bps',
  'slippage.lower': 'bas : mieux',
  'slippage.allEpisodes': 'tous les épisodes',
  'slippage.entry': 'entrée',
  'slippage.exit': 'sortie',
  'slippage.needs.one': 'pas assez : encore {count}',
  'slippage.needs.other': 'pas assez : encore {count}',
  'slippage.legs': 'Délai et walk, par jambe',
  'slippage.legs.sub': 'moyenne en bps par épisode, intervalle à 95 %',
  'slippage.legs.delay': 'délai',
  'slippage.legs.walk': 'walk',
  'slippage.legs.fees': 'frais, à côté',
  'slippage.legs.note': 'Délai : la touche a bougé pendant le vol. Walk : profondeur consommée par notre ordre.',
  'slippage.interval': 'Intervalle à 95 %',
  'slippage.latest': 'Derniers épisodes',
  'slippage.latest.sub': 'de la détection à l’exécution, bps',
  'slippage.kind': 'Épisode',
  'slippage.shortfallColumn': 'Coût total',
};
