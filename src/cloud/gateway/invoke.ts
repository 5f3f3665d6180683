/** Runs one operation for one caller: validated, authorized, recorded, then run. The way in for every call. */
import { AwsError } from '../../model/index.ts'
import type { AccessRequest } from '../kernel/access-request.ts'
import type { ServiceId } from '../kernel/api.ts'
import type { AssumedRole, CallOptions, Context } from '../kernel/context.ts'
import { type Identity, servicePrincipal } from '../kernel/identity.ts'
import type { Operation } from '../kernel/operation.ts'
import type { Collection, Table } from '../kernel/store.ts'
import { validate } from '../protocols/index.ts'
import { authorize } from './authorize.ts'
import type { Host } from './host.ts'
import { requestTags } from './request-tags.ts'

type Conditions = Readonly<Record<string, string | readonly string[]>>
type AssumeRoleOptions = Parameters<Context['assumeRole']>[1]

interface Request {
  readonly service: ServiceId
  readonly operation: string
  readonly requestId: string
  readonly identity: Identity
  readonly account: string
  readonly region: string
  readonly conditions: Conditions
  readonly requestTags?: Conditions
  readonly invokedBy?: string
  readonly cause?: string
}

/** Authorizes and runs an operation whose input is already decoded and validated. */
export async function invoke(operation: Operation, input: unknown, ctx: Context): Promise<unknown> {
  const requests = await operation.access(input as never, ctx)
  await ctx.authorize(requests)
  return operation.run(input as never, ctx)
}

/** Finds an operation of a service that the cloud may have to load; one that it does not have is refused by name. */
export async function findOperation(cloud: Host, service: ServiceId, name: string): Promise<Operation> {
  const found = cloud.services.has(service) && (await cloud.serviceOf(service)).operations.get(name)
  if (found) return found
  throw new AwsError('UnsupportedOperation', `The embedded cloud does not support ${service}:${name}.`, {
    status: 501,
  })
}

/** Makes the context of one request. */
export const makeContext = (cloud: Host, request: Request): Context => new RequestContext(cloud, request)

/** A class, since each call makes several: functions made anew for each took 3 % of a small one. */
class RequestContext implements Context {
  readonly cloud: Host
  readonly service: ServiceId
  readonly operation: string
  readonly requestId: string
  readonly account: string
  readonly region: string
  readonly identity: Identity
  readonly invokedBy: string | undefined
  readonly cause: string | undefined
  readonly conditions: Conditions
  readonly requestTags: Conditions | undefined

  constructor(cloud: Host, request: Request) {
    this.cloud = cloud
    this.service = request.service
    this.operation = request.operation
    this.requestId = request.requestId
    this.account = request.account
    this.region = request.region
    this.identity = request.identity
    this.invokedBy = request.invokedBy
    this.cause = request.cause ?? request.identity.session?.cause
    this.conditions = request.conditions
    this.requestTags = request.requestTags
  }

  table<T>(kind: Collection<T>, account = this.account, region = this.region): Table<T> {
    return this.cloud.store.of(kind, account, region)
  }

  call(service: ServiceId, name: string, input: unknown, options?: CallOptions): Promise<never> {
    return call(this.cloud, this, service, name, input, options) as Promise<never>
  }

  async authorize(requests: readonly AccessRequest[]): Promise<void> {
    authorize(this, requests)
  }

  assumeRole(roleArn: string, options: AssumeRoleOptions): Promise<AssumedRole> {
    return assumeRole(this, roleArn, options)
  }

  spawn(name: string, task: (ctx: Context) => Promise<void>): void {
    this.cloud.spawn(`${this.service} ${name}`, () => task(this))
  }

  as(identity: Identity, options: { account?: string; region?: string } = {}): Context {
    const { account = identity.account || this.account, region = this.region } = options
    const { service, operation, requestId, cause } = this
    const request = { service, operation, requestId, cause, identity, account, region, conditions: {} }
    return new RequestContext(this.cloud, request)
  }

  causedBy(cause: string): Context {
    return new RequestContext(this.cloud, { ...(this as Request), cause })
  }

  publish(event: Parameters<Context['publish']>[0]): void {
    const { cloud, account, region } = this
    cloud.bus.publish({ ...event, id: cloud.ids.uuid(), time: cloud.clock.date(), account, region })
  }
}

async function call(
  cloud: Host,
  from: Context,
  service: ServiceId,
  name: string,
  input: unknown,
  options: CallOptions = {},
): Promise<unknown> {
  const operation = await findOperation(cloud, service, name)
  const model = cloud.addressees.model(service)
  const modelled = model.operations.get(name)
  if (modelled)
    validate(model, modelled, input as Record<string, unknown>, cloud.services.get(service)?.errors?.invalid)
  const region = options.region ?? from.region
  const identity = options.as ?? from.identity
  const ctx = makeContext(cloud, {
    service,
    operation: name,
    requestId: cloud.ids.uuid(),
    identity,
    account: identity.account || from.account,
    region,
    conditions: options.as ? {} : forwarded(from, cloud.services.get(service)?.viaKey),
    requestTags: modelled && requestTags(modelled, input),
    invokedBy: options.invokedBy,
    cause: from.cause,
  })
  return invoke(operation, input, ctx)
}

/**
 * Condition keys of a call that a service makes with its caller's identity.
 * AWS: a service's own key names the calling service and region; aws:CalledVia lists only services that keep the caller
 * as principal.
 */
function forwarded(from: Context, viaKey: string | undefined): Conditions {
  const via = `${from.service}.${from.region}.amazonaws.com`
  return {
    ...(viaKey && { [viaKey]: via }),
    'aws:ViaAWSService': 'true',
    'aws:CalledVia': [...[from.conditions['aws:CalledVia'] ?? []].flat(), servicePrincipal(from.service)],
  }
}

async function assumeRole(from: Context, roleArn: string, options: AssumeRoleOptions): Promise<AssumedRole> {
  const { Credentials } = await from.call(
    'sts',
    'AssumeRole',
    {
      RoleArn: roleArn,
      RoleSessionName: options.sessionName,
      Policy: options.policy,
      DurationSeconds: options.durationSeconds,
    },
    { as: options.by },
  )
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
    expiration: Credentials!.Expiration!,
  }
  const { cloud } = from
  const { identity } = cloud.sealer.open(credentials.accessKeyId, credentials.sessionToken, cloud.clock.now())
  return { identity, credentials }
}
