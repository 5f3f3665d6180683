/** SDK clients of an administrator of each account, in the process of the cloud: nobody works as the root user. */
import { setImmediate as turn } from 'node:timers/promises'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { Accounts, type ClientClass } from '../../src/aws/index.ts'
import type { Cloud } from '../../src/cloud/index.ts'
import type { Target } from '../../src/model/index.ts'

/** The user that every account's administrator is. */
export const ADMINISTRATOR = 'user/administrator'

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Accounts whose clients need no socket and are an administrator's. */
export class AdministratorAccounts extends Accounts {
  readonly #cloud: Cloud
  readonly #keys = new Map<string, Promise<Keys>>()
  readonly #clients = new Map<string, unknown>()

  constructor(cloud: Cloud, accounts: readonly string[]) {
    super(
      accounts.map((account) => ({ name: account, account })),
      { endpoint: cloud.endpoint },
    )
    this.#cloud = cloud
  }

  override async client<C>(clientClass: ClientClass<C>, target: Target): Promise<C> {
    const key = `${clientClass.name} ${target.account} ${target.region}`
    const keys = await this.#keysOf(target)
    const known = this.#clients.get(key) as C | undefined
    const client = known ?? this.#make(clientClass, target, keys)
    this.#clients.set(key, client)
    return client
  }

  #make<C>(clientClass: ClientClass<C>, { region }: Target, credentials: Keys): C {
    const { endpoint, requestHandler } = this.#cloud
    // Without a network between, calls would leave no turn to timers and to what runs in the background.
    const handle = async (request: unknown) => {
      await turn()
      return requestHandler.handle(request)
    }
    const paced = { ...requestHandler, handle }
    return new clientClass({ region, credentials, endpoint, requestHandler: paced } as never)
  }

  #keysOf(target: Target): Promise<Keys> {
    const known = this.#keys.get(target.account)
    if (known) return known
    const made = this.#hire(target)
    this.#keys.set(target.account, made)
    return made
  }

  async #hire(target: Target): Promise<Keys> {
    const root = { accessKeyId: target.account, secretAccessKey: this.#cloud.secret }
    const iam = this.#make(IAMClient, target, root)
    const [, UserName = ''] = ADMINISTRATOR.split('/')
    await iam.send(new CreateUserCommand({ UserName }))
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  }
}
