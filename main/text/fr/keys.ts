import type { keys as english } from '../en/keys.ts';
import type { SameKeys } from '../same-keys.ts';

export const keys: SameKeys<typeof english> = {
  'nav.risk': 'Risque et clés',

  'tradingKeys.ask.paradexKey': 'Sous-clé Paradex (clé privée)',
  'tradingKeys.ask.paradexKey.detail':
    'Du compte {account}, pour {host}. Elle y est d’abord essayée, en lecture seule, puis gardée dans le stockage choisi. Une clé principale est refusée.',
  'tradingKeys.ask.paradexMainKey': 'Clé principale Paradex (clé privée)',
  'tradingKeys.ask.paradexMainKey.detail':
    'Du compte {account}, pour {host}. Elle sert à cette seule étape et n’est gardée nulle part.',
  'tradingKeys.ask.vestSigningKey': 'Clé de signature Vest (clé privée)',
  'tradingKeys.ask.vestSigningKey.detail':
    'Du portefeuille {account}, pour {host}. Sa clé d’API est demandée ensuite. Les deux sont gardées dans le stockage choisi.',
  'tradingKeys.ask.vestApiKey': 'Clé d’API Vest',
  'tradingKeys.ask.vestApiKey.detail':
    'Du portefeuille {account}, pour {host}, telle que reçue à l’enregistrement. La paire y est essayée avant d’être gardée.',
  'tradingKeys.ask.vestPrimaryKey': 'Clé primaire Vest (clé privée du portefeuille)',
  'tradingKeys.ask.vestPrimaryKey.detail':
    'Du portefeuille {account}, pour {host}. Elle signe l’enregistrement d’une nouvelle clé de signature, ne sert qu’à cela et n’est gardée nulle part.',
  'tradingKeys.ask.passphrase': 'Phrase secrète des clés chiffrées',
  'tradingKeys.ask.passphrase.detail':
    'Elle ouvre le fichier jusqu’à l’arrêt de Halfspread et n’est gardée nulle part.',
  'tradingKeys.ask.newPassphrase': 'Une nouvelle phrase secrète pour les clés chiffrées',
  'tradingKeys.ask.newPassphrase.detail':
    'Au moins 12 caractères. Elle n’est gardée nulle part : sans elle, plus personne n’ouvre le fichier.',
  'tradingKeys.ask.passphraseAgain': 'La même phrase secrète, encore une fois',
  'tradingKeys.ask.passphraseAgain.detail': 'Pour être sûr qu’elle a été tapée comme voulu.',
};
