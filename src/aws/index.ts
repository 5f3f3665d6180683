/** Getting at AWS accounts: credentials, clients, endpoint. */
export { Accounts, type AccountsOptions, type ClientClass } from './accounts.ts'
export { type AccountReference, cloudSecret } from './credentials.ts'
export { embeddedEndpoint } from './endpoint.ts'
export { identityOf } from './identity.ts'
export { beyond, type OpenAccounts, openAccounts } from './open-accounts.ts'
export { mayHaveActed, Patience, type PatienceOptions } from './patience.ts'
