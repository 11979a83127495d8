import type { sites as english } from '../en/sites.ts';
import type { SameKeys } from '../same-keys.ts';

export const sites: SameKeys<typeof english> = {
  'nav.sites': 'Sites',

  'sites.ask.password': 'Mot de passe de connexion du site {site}',
  'sites.ask.password.detail':
    'ssh le reçoit par un tube privé, pour ce serveur seulement. Il est gardé dans le coffre de ce poste.',
  'sites.ask.sudoPassword': 'Mot de passe sudo du site {site}',
  'sites.ask.sudoPassword.detail':
    'Il va à sudo par l’entrée standard, dans la session ssh vérifiée. Il est gardé dans le coffre de ce poste.',
  'sites.ask.passphrase': 'Phrase de passe du fichier de clé du site {site}',
  'sites.ask.passphrase.detail':
    'ssh la reçoit par un tube privé pour ouvrir la clé. Elle est gardée dans le coffre de ce poste.',
  'sites.ask.hetzner': 'Jeton d’API Hetzner (lecture et écriture, d’un projet)',
  'sites.ask.hetzner.detail':
    'Il crée et supprime des serveurs de ce projet. Il est gardé dans le coffre de ce poste et n’en sort que vers Hetzner.',
  'sites.ask.lightsail': 'Clé d’accès AWS pour Lightsail : identifiant et secret',
  'sites.ask.lightsail.detail':
    'Les deux sur une ligne. Prenez un utilisateur IAM limité à Lightsail. Gardée dans le coffre de ce poste ; seules des signatures en sortent.',
};
