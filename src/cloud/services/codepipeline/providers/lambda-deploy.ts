/** Deployment of new code to a function, whose alias is moved to it at once or share by share. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { AT_ONCE, alarmsOf, parseStrategy, type TrafficShift } from '../../../../pipeline/index.ts'
import type { CloudEvent } from '../../../kernel/event-bus.ts'
import { functionSettled } from '../../../kernel/service-events.ts'
import { watch } from '../stack-actions/watch-stack.ts'
import { ActionFailure, type ActionJob, type Outcome, PENDING, type Runner } from './runner.ts'

const MINUTE = 60_000

const wrong = (message: string): ActionFailure => new ActionFailure(message, { code: 'ConfigurationError' })

/** What a deployment has come to, kept while it waits for its next step. */
interface Progress {
  /** The version that the alias had at the beginning. */
  readonly from: string
  readonly to: string
  /** How many steps are done. */
  readonly steps: number
  /** When the next one comes; milliseconds since 1970. */
  readonly next: number
}

/**
 * AWS: the alias stands, with one version behind it, which it goes back to; without one the new version alone is published.
 * The page of the action names the calls, and nobody says in which order they are made.
 */
export const lambdaDeploy: Runner = {
  id: 'Deploy/Lambda',
  run: async (job) => {
    const { FunctionAlias: alias, DeployStrategy } = job.configuration
    const shift = readShift(DeployStrategy || AT_ONCE)
    const progress = job.progress as Progress | undefined
    if (progress) return goOn(job, shift, progress)
    const from = alias ? await behindAlias(job, alias) : undefined
    await checkAlarms(job)
    const to = await targetVersion(job)
    if (from === undefined || from === to) return outcome(job, to)
    return goOn(job, shift, { from, to, steps: 0, next: job.ctx.cloud.clock.now() })
  },
}

function readShift(strategy: string): TrafficShift {
  const read = parseStrategy(strategy)
  if ('problem' in read) throw wrong(`DeployStrategy ${read.problem}`)
  return read
}

async function behindAlias(job: ActionJob, Name: string): Promise<string> {
  const { FunctionName = '' } = job.configuration
  const { FunctionVersion = '', RoutingConfig } = await job.call('lambda', 'GetAlias', {
    FunctionName,
    Name,
  })
  if (Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length)
    throw wrong(`The alias ${Name} of the function ${FunctionName} has more than one version behind it`)
  return FunctionVersion
}

/** Gives the version that is deployed: the published one that is named, or one of the artifact. */
async function targetVersion(job: ActionJob): Promise<string> {
  const { FunctionName = '', PublishedTargetVersion: named } = job.configuration
  if (named) {
    const { Version = '' } = await job.call('lambda', 'GetFunctionConfiguration', {
      FunctionName,
      Qualifier: named,
    })
    return Version
  }
  const [artifact] = job.inputs
  if (!artifact) throw wrong('There is neither an input artifact nor a PublishedTargetVersion to deploy')
  const { bucket: S3Bucket, key: S3Key } = artifact
  // As every artifact is read: the version that is there.
  const { VersionId } = await job.call('s3', 'HeadObject', { Bucket: S3Bucket, Key: S3Key })
  const S3ObjectVersion = VersionId === 'null' ? undefined : VersionId
  await job.call('lambda', 'UpdateFunctionCode', { FunctionName, S3Bucket, S3Key, S3ObjectVersion })
  await untilReady(job, undefined)
  const { Version } = await job.call('lambda', 'PublishVersion', { FunctionName })
  await untilReady(job, Version)
  return Version ?? ''
}

/** Waits until the function, or the version of it, can be invoked. */
async function untilReady(job: ActionJob, Qualifier: string | undefined): Promise<void> {
  const { FunctionName = '' } = job.configuration
  const look = () => job.call('lambda', 'GetFunctionConfiguration', { FunctionName, Qualifier })
  const done = await whenSettled(job, look, (now) =>
    now.State === 'Pending' || now.LastUpdateStatus === 'InProgress' ? undefined : now,
  )
  if (done.State === 'Failed' || done.LastUpdateStatus === 'Failed')
    throw new ActionFailure(
      `The function ${FunctionName} could not be updated: ${done.LastUpdateStatusReason ?? done.StateReason}`,
    )
}

/** Looks now, and whenever the function has settled, until `done` gives something. */
function whenSettled<T, R>(
  job: ActionJob,
  look: () => Promise<T>,
  done: (seen: T) => R | undefined,
): Promise<R> {
  const { account, region, configuration } = job
  const arn = formatArn('lambda', region, account, `function:${configuration.FunctionName}`)
  return watch(job, functionSettled, (told) => told.function === arn, look, done)
}

/** Makes the steps whose time has come; what fails on the way leads the alias back. */
async function goOn(
  job: ActionJob,
  shift: TrafficShift,
  before: Progress,
): Promise<Outcome | typeof PENDING> {
  const { clock } = job.ctx.cloud
  let progress = before
  // Before the alarms are looked at, so that no change between is missed.
  if (progress.next > clock.now()) goOnAt(job, progress.next)
  try {
    if (progress.steps > 0) await checkAlarms(job)
    if (progress.next > clock.now()) return PENDING
    const share = shift.shares[progress.steps]!
    await move(job, progress, share)
    if (share === 100) return outcome(job, progress.to)
    const next = clock.now() + shift.minutes * MINUTE
    progress = { ...progress, steps: progress.steps + 1, next }
    job.save(
      { ...progress },
      shown(job, progress.to, `${share} % of ${aliasOf(job)} go to version ${progress.to}`),
    )
    goOnAt(job, next)
    return PENDING
  } catch (error) {
    if (progress.steps > 0 && isOver(error)) await move(job, { ...progress, to: progress.from }, 100)
    throw error
  }
}

/** Whether an error is the action's end, and no stop of the cloud. */
const isOver = (error: unknown): boolean => error instanceof ActionFailure || error instanceof AwsError

const aliasOf = ({ configuration }: ActionJob): string =>
  `${configuration.FunctionName}:${configuration.FunctionAlias}`

async function move(job: ActionJob, { from, to }: Progress, share: number): Promise<void> {
  const { FunctionName = '', FunctionAlias: Name = '' } = job.configuration
  await job.call('lambda', 'UpdateAlias', {
    FunctionName,
    Name,
    FunctionVersion: share === 100 ? to : from,
    RoutingConfig: { AdditionalVersionWeights: share === 100 ? {} : { [to]: share / 100 } },
  })
  await untilProvisioned(job)
}

/** Where the alias has provisioned concurrency, its versions get it before the deployment goes on. */
async function untilProvisioned(job: ActionJob): Promise<void> {
  const { FunctionName = '', FunctionAlias: Qualifier = '' } = job.configuration
  const status = async () => {
    try {
      return (await job.call('lambda', 'GetProvisionedConcurrencyConfig', { FunctionName, Qualifier })).Status
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ProvisionedConcurrencyConfigNotFoundException')
        return 'NONE'
      throw error
    }
  }
  await whenSettled(job, status, (now) => (now === 'IN_PROGRESS' ? undefined : now))
}

/** Goes on at a time, or as soon as an alarm changes. */
function goOnAt({ configuration, account, region, again }: ActionJob, at: number): void {
  const alarms = alarmsOf(configuration.Alarms ?? '').map((name) =>
    formatArn('cloudwatch', region, account, `alarm:${name}`),
  )
  const on = ({ source, resources }: CloudEvent) =>
    source === 'aws.cloudwatch' && resources.some((one) => alarms.includes(one))
  again({ at, ...(alarms.length && { on }) })
}

/** AWS: the action fails when an alarm goes to ALARM. Errors: ActionFailure, also for an alarm that is not there. */
async function checkAlarms(job: ActionJob): Promise<void> {
  const names = alarmsOf(job.configuration.Alarms ?? '')
  if (!names.length) return
  const found = await job.call('cloudwatch', 'DescribeAlarms', {
    AlarmNames: names,
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  })
  const alarms = [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])]
  const missing = names.find((name) => !alarms.some((one) => one.AlarmName === name))
  if (missing) throw wrong(`There is no alarm ${missing} in the region ${job.region}`)
  const alarmed = alarms.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName }) => AlarmName)
  if (alarmed.length)
    throw new ActionFailure(`The deployment was stopped: in the state ALARM is ${alarmed.join(', ')}`)
}

const shown = ({ region, configuration }: ActionJob, version: string, summary: string) => ({
  id: version,
  url: `https://console.aws.amazon.com/lambda/home?region=${region}#/functions/${configuration.FunctionName}/versions/${version}`,
  summary,
})

const outcome = (job: ActionJob, version: string): Outcome => {
  const { FunctionName, FunctionAlias } = job.configuration
  const what = FunctionAlias ? `Deployed to ${aliasOf(job)}` : `Published as a version of ${FunctionName}`
  return {
    variables: { FunctionVersion: version },
    external: shown(job, version, `${what}: version ${version}`),
  }
}
