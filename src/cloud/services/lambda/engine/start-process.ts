/** Starts a process for a function: the role's credentials, the environment AWS documents, the log stream. */
import { delimiter } from 'node:path'
import { AwsError, imageAddress } from '../../../../model/index.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { ContainerFailure } from '../../../machine/containers/container-failure.ts'
import { ecrSource } from '../../../sources/ecr-image.ts'
import type { FunctionVersion, StoredFunction } from '../state.ts'
import { codeFolder } from './code.ts'
import { ContainerFunction } from './container-function.ts'
import { invalidValue } from './errors.ts'
import { puller } from './function-image.ts'
import { FunctionLog } from './function-log.ts'
import { FunctionProcess } from './function-process.ts'
import { interpreterFor } from './interpreters.ts'
import { layerPaths } from './layers.ts'
import { initStart } from './platform-log.ts'
import { isProvisioned } from './provisioned.ts'
import { linkSdk, sdkPath } from './sdk.ts'

export interface Warm {
  readonly key: string
  readonly generation: string
  readonly process: Pick<FunctionProcess, 'alive' | 'invoke' | 'kill'>
  readonly log: FunctionLog
  /** When the role's credentials in its environment expire; milliseconds since 1970. */
  readonly expiresAt: number
  idleTimer?: NodeJS.Timeout
  retired?: boolean
}

/** Errors: AccessDeniedException when the role cannot be assumed (any more). */
export async function startProcess(
  ctx: Context,
  stored: StoredFunction,
  version: FunctionVersion,
): Promise<Warm> {
  const { identity, credentials } = await assumeExecutionRole(ctx, stored, version.role)
  const { cloud } = ctx
  const place = {
    group: version.logGroup,
    stream: streamName(cloud.clock.date(), version.version, cloud.ids.uuid()),
  }
  const own = ctx.as(identity, { account: stored.account, region: stored.region })
  const log = new FunctionLog(own, identity, place)
  const given = { place, credentials, log }
  const process = version.image
    ? await startContainer(ctx, stored, version, given)
    : await startInterpreter(ctx, stored, version, given)
  return {
    key: `${stored.arn}:${version.version}`,
    generation: version.generation,
    process,
    log,
    expiresAt: credentials.expiration.getTime(),
  }
}

interface Given {
  readonly place: { readonly group: string; readonly stream: string }
  readonly credentials: AssumedRole['credentials']
  readonly log: FunctionLog
}

async function startInterpreter(
  ctx: Context,
  stored: StoredFunction,
  version: FunctionVersion,
  { place, credentials, log }: Given,
): Promise<FunctionProcess> {
  const { cloud } = ctx
  const interpreter = await interpreterFor(version.runtime ?? '')
  const words = interpreter.words(await cloud.hostNames.files())
  linkSdk(cloud)
  for (const line of initStart(version, `${interpreter.version} (this machine's)`)) log.line(line)
  const folder = codeFolder(cloud, version.codeSha256)
  return new FunctionProcess(cloud.processes, {
    command: interpreter.command,
    words,
    folder,
    environment: environment(ctx, stored, version, { folder, place, credentials }),
    onLog: (line) => log.line(line),
  })
}

/** Errors: InvalidParameterValueException where the image cannot be pulled or begun, or nothing runs containers. */
async function startContainer(
  ctx: Context,
  stored: StoredFunction,
  version: FunctionVersion,
  { place, credentials, log }: Given,
): Promise<ContainerFunction> {
  const { containers } = ctx.cloud
  const engine = await containers.engine()
  if (!engine) throw invalidValue(`No engine of this machine runs containers: ${containers.why}.`)
  try {
    const { resolvedUri } = version.image!
    const digest = resolvedUri.slice(resolvedUri.indexOf('@') + 1)
    const source = await ecrSource(ctx, puller(stored), imageAddress(resolvedUri)!, digest)
    return await ContainerFunction.start(ctx, {
      engine,
      image: await containers.images.get(source),
      version,
      environment: shared(ctx, stored, version, { place, credentials }),
      onLog: (line) => log.line(line),
    })
  } catch (error) {
    if (!(error instanceof ContainerFailure)) throw error
    throw invalidValue(`The image of the function cannot be run: ${error.message}`)
  }
}

/** AWS: Lambda assumes the role with the function's ARN as aws:SourceArn. */
export async function assumeExecutionRole(
  ctx: Context,
  stored: { arn: string; name: string; account: string },
  role: string,
): Promise<AssumedRole> {
  const by = serviceIdentity(servicePrincipal('lambda'), { arn: stored.arn, account: stored.account })
  try {
    // STS takes no session name of one character.
    return await ctx.assumeRole(role, { by, sessionName: stored.name.padEnd(2, '-') })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new AwsError(
      'AccessDeniedException',
      'The role defined for the function cannot be assumed by Lambda.',
      {
        status: 403,
      },
    )
  }
}

const streamName = (date: Date, version: string, uuid: string): string =>
  `${date.toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${uuid.replaceAll('-', '')}`

/** Only what AWS documents, and where the cloud is; nothing of this process's own environment. */
function environment(
  ctx: Context,
  stored: StoredFunction,
  version: FunctionVersion,
  process: {
    folder: string
    place: { group: string; stream: string }
    credentials: AssumedRole['credentials']
  },
): Record<string, string> {
  const { folder } = process
  const paths = layerPaths(ctx.cloud, version)
  return {
    PATH: [...paths.programs, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    ...(paths.libraries.length && { LD_LIBRARY_PATH: paths.libraries.join(delimiter) }),
    ...(paths.python.length && { PYTHONPATH: paths.python.join(delimiter) }),
    LANG: 'en_US.UTF-8',
    NODE_PATH: [...paths.node, folder, ...sdkPath(ctx.cloud, version.runtime ?? '')].join(delimiter),
    ...shared(ctx, stored, version, process),
    _HANDLER: version.handler ?? '',
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
    LAMBDA_TASK_ROOT: folder,
  }
}

/** What functions find whatever they are made of. */
function shared(
  ctx: Context,
  stored: StoredFunction,
  version: FunctionVersion,
  { credentials, place }: Omit<Given, 'log'>,
): Record<string, string> {
  return {
    TZ: ':UTC',
    ...version.environment,
    AWS_REGION: stored.region,
    AWS_DEFAULT_REGION: stored.region,
    AWS_ENDPOINT_URL: version.environment?.AWS_ENDPOINT_URL ?? ctx.cloud.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_LAMBDA_FUNCTION_NAME: stored.name,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: isProvisioned(ctx, stored, version.version)
      ? 'provisioned-concurrency'
      : 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: place.group,
    AWS_LAMBDA_LOG_STREAM_NAME: place.stream,
    AWS_LAMBDA_LOG_FORMAT: version.logFormat,
    ...(version.applicationLogLevel ? { AWS_LAMBDA_LOG_LEVEL: version.applicationLogLevel } : {}),
  }
}
