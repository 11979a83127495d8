export const keys = {
  'nav.risk': 'Risk and keys',

  'tradingKeys.ask.paradexKey': 'Paradex subkey (private key)',
  'tradingKeys.ask.paradexKey.detail':
    'Of account {account}, for {host}. It is tested there first, read-only, then kept in the storage you chose. A main key is refused.',
  'tradingKeys.ask.paradexMainKey': 'Paradex main key (private key)',
  'tradingKeys.ask.paradexMainKey.detail':
    'Of account {account}, for {host}. It is used for this one step and kept nowhere.',
  'tradingKeys.ask.vestSigningKey': 'Vest signing key (private key)',
  'tradingKeys.ask.vestSigningKey.detail':
    'Of wallet {account}, for {host}. Its API key is asked for next. Both are kept in the storage you chose.',
  'tradingKeys.ask.vestApiKey': 'Vest API key',
  'tradingKeys.ask.vestApiKey.detail':
    'Of wallet {account}, for {host}, as it came with the registration. The pair is tested there before it is kept.',
  'tradingKeys.ask.vestPrimaryKey': 'Vest primary key (private key of the wallet)',
  'tradingKeys.ask.vestPrimaryKey.detail':
    'Of wallet {account}, for {host}. It signs the registration of a new signing key, is used for this alone, and is kept nowhere.',
  'tradingKeys.ask.passphrase': 'Passphrase of the encrypted keys',
  'tradingKeys.ask.passphrase.detail': 'It opens the file until Halfspread stops, and is kept nowhere.',
  'tradingKeys.ask.newPassphrase': 'A new passphrase for the encrypted keys',
  'tradingKeys.ask.newPassphrase.detail':
    'At least 12 characters. It is kept nowhere: without it nobody opens the file again.',
  'tradingKeys.ask.passphraseAgain': 'The same passphrase once more',
  'tradingKeys.ask.passphraseAgain.detail': 'To be sure that it was typed as meant.',
} as const;
