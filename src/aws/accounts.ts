/** SDK clients per account and region, made on first use and shared. */
import { type Arn, FleetError, type Target } from '../model/index.ts'
import { type AccountReference, type Credentials, credentialsFor, wrongAccount } from './credentials.ts'
import { embeddedEndpoint } from './endpoint.ts'
import { Patience, type PatienceOptions } from './patience.ts'

/** The constructor of an SDK client. */
export type ClientClass<C> = new (configuration: never) => C

export interface AccountsOptions {
  /** The embedded cloud's URL; absent: `AWS_ENDPOINT_URL`, or real AWS. */
  readonly endpoint?: string
  readonly secret?: string
  readonly environment?: NodeJS.ProcessEnv
  readonly patience?: PatienceOptions
  /** Roles by account that are assumed from the environment's own credentials, in the place of all other ways in. */
  readonly roles?: ReadonlyMap<string, Arn | undefined>
}

/** What every SDK client has and this part uses. */
interface SdkClient {
  readonly config: { readonly serviceId?: string }
  readonly middlewareStack: { use(plugin: unknown): void }
  destroy(): void
}

export class Accounts {
  private readonly references: ReadonlyMap<string, AccountReference>
  private readonly options: AccountsOptions
  private readonly patience: Patience
  private readonly clients = new Map<string, SdkClient>()
  private readonly credentials = new Map<string, Promise<Credentials | undefined>>()
  private readonly verified = new Map<string, Promise<void>>()

  constructor(references: readonly AccountReference[], options: AccountsOptions = {}) {
    this.references = new Map(references.map((one) => [one.account, one]))
    this.options = options
    this.patience = new Patience(options.patience)
  }

  /** The embedded cloud's URL, or undefined on real AWS. */
  get endpoint(): string | undefined {
    return this.options.endpoint ?? embeddedEndpoint(this.options.environment)
  }

  /** Gives a client for an account and region. Errors: FleetError when the account is not one of the fleet's. */
  async client<C>(clientClass: ClientClass<C>, { account, region }: Target): Promise<C> {
    const key = `${clientClass.name} ${account} ${region}`
    const known = this.clients.get(key)
    if (known) return known as C
    const made = new clientClass({
      region,
      credentials: await this.credentialsOf(account),
      ...(this.endpoint ? { endpoint: this.endpoint } : {}),
      ...this.patience.configuration,
    } as never)
    const client = made as SdkClient
    const { serviceId: service = clientClass.name } = client.config
    client.middlewareStack.use(this.patience.plugin({ service, account, region, endpoint: this.endpoint }))
    this.clients.set(key, client)
    return made
  }

  private credentialsOf(account: string): Promise<Credentials | undefined> {
    const reference = this.reference(account)
    const known = this.credentials.get(account)
    if (known) return known
    const found = credentialsFor(this.wayInto(reference), this.options, this.patience)
    this.credentials.set(account, found)
    return found
  }

  /** Whether it is one of the fleet's. */
  knows(account: string): boolean {
    return this.references.has(account)
  }

  /** AWS: no profile is at hand where a build runs. */
  private wayInto({ name, account, ...others }: AccountReference): AccountReference {
    const { roles } = this.options
    if (!roles) return { name, account, ...others }
    const role = roles.get(account)
    return { name, account, ...(role !== undefined && { role }) }
  }

  private reference(account: string): AccountReference {
    const reference = this.references.get(account)
    if (reference) return reference
    throw new FleetError(`account ${account} is neither the hub's nor an environment's`)
  }

  /**
   * Makes sure that an account's credentials work and lead to that account.
   * Errors: FleetError naming the environment, and what to do.
   */
  verify(target: Target): Promise<void> {
    const known = this.verified.get(target.account)
    if (known) return known
    const checking = this.check(target)
    this.verified.set(target.account, checking)
    return checking
  }

  private async check(target: Target): Promise<void> {
    const reference = this.reference(target.account)
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
    const sts = await this.client(STSClient, target)
    const { Account } = await sts.send(new GetCallerIdentityCommand({})).catch((error: Error) => {
      // What does not answer is told by where it was looked for; whose it is stands beside.
      if (error instanceof FleetError)
        throw new FleetError(`${reference.name}: ${error.message}`, { fix: error.fix })
      const where = this.endpoint ? ` at ${this.endpoint}` : ''
      throw new FleetError(
        `${reference.name}: no access to account ${target.account}${where}: ${error.message}`,
        {
          fix: this.options.roles
            ? 'run `crossdock deploy` once with credentials of that account: it makes the role that is assumed there'
            : this.endpoint
              ? 'start the embedded cloud with "crossdock cloud", or unset AWS_ENDPOINT_URL to use AWS'
              : `sign in, or give ${reference.name} a profile or a role in the fleet file`,
        },
      )
    })
    if (Account !== target.account) throw wrongAccount(this.wayInto(reference), Account ?? 'unknown')
  }

  /** Closes every client's connections. */
  close(): void {
    for (const client of this.clients.values()) client.destroy()
    this.clients.clear()
  }
}
