/** Live accounts → Landscape: a pipeline with everything that has a say in whether it may run. */
import {
  type Arn,
  FleetError,
  type Need,
  type PipelineDeclaration,
  parseArn,
  type Target,
} from '../../../model/index.ts'
import {
  type DeployedStack,
  deployedStacks,
  namedThings,
  needsByAction,
  storeIn,
  worksOf,
} from '../../../pipeline/index.ts'
import type { Finding } from '../finding.ts'
import { givenOrganization } from '../finish-organization.ts'
import type { GivenOrganization } from '../gathering.ts'
import type { KnownPipeline, Landscape } from '../landscape.ts'
import { surroundingsOf } from '../surroundings.ts'
import { noteBlindSpots } from './blind-spots.ts'
import { noteForeignObjects } from './foreign-objects.ts'
import { originOf } from './origin-of.ts'
import { readBucket } from './read-bucket.ts'
import { readKey } from './read-key.ts'
import { readOrganization } from './read-organization.ts'
import { readRepository } from './read-repository.ts'
import { readRole } from './read-role.ts'
import { readService } from './read-service.ts'
import { type LiveTemplate, readStackTemplate } from './read-stack-template.ts'
import { readStarts } from './read-starts.ts'
import { readTellers } from './read-tellers.ts'
import { readTopic } from './read-topic.ts'
import { readTrails } from './read-trails.ts'
import { readFunction, readProject } from './read-workers.ts'
import { type Reach, Reading, type Unread } from './reading.ts'
import { noteStalePolicies } from './stale-policies.ts'

export interface LivePipeline {
  readonly landscape: Landscape
  /** What could not be read, and why. */
  readonly unread: readonly Unread[]
  /** What is wrong whatever policies say: a bucket that is not there, a key that is disabled. */
  readonly findings: readonly Finding[]
  /** Those of the stacks that were asked for, as far as they could be read. */
  readonly stackTemplates: readonly LiveTemplate[]
}

export interface LivePlace extends Target {
  /** The pipeline's name. */
  readonly name: string
  /** Roles to read besides those that the pipeline's declaration leads to. */
  readonly furtherRoles?: readonly Arn[]
  /** Chooses, of the stacks that the pipeline deploys, those whose templates are read; none without it. */
  readonly readsTemplates?: (stacks: readonly DeployedStack[]) => readonly DeployedStack[]
  /** Stands in for an organization whose policies cannot be read. */
  readonly organization?: GivenOrganization
}

/** Rounds in which roles lead to further roles: the pipeline's, the action's, the stack's or the project's. */
const MOST_ROUNDS = 4

/**
 * Reads a pipeline, whoever made it. What may not be read is told and not guessed.
 * Errors: FleetError when the pipeline itself cannot be read.
 */
export async function readLivePipeline(reach: Reach, place: LivePlace): Promise<LivePipeline> {
  const { account, region } = place
  const reading = new Reading(reach, { account, region })
  const declaration = await readDeclaration(reading, place)
  const origin = await originOf(
    reading,
    { account, region },
    { physicalId: place.name, type: 'AWS::CodePipeline::Pipeline' },
  )
  const pipeline: KnownPipeline = { account, region, origin, declaration }
  const stacks = place.readsTemplates?.(deployedStacks(declaration, { account, region })) ?? []
  const templates = Promise.all(stacks.map((stack) => readStackTemplate(reading, stack)))
  await Promise.all([
    templates,
    ...storesOf(pipeline).map((one) => readStore(reading, one)),
    ...readActions(reading, pipeline),
    readStarts(reading, pipeline),
  ])
  await Promise.all([readTellers(reading, pipeline), readTrails(reading, pipeline)])
  await readRoles(reading, pipeline, place.furtherRoles ?? [])
  await Promise.all(readResources(reading, pipeline))
  const isKnown = await readOrganization(reading, accountsOf(reading, pipeline))
  if (!isKnown && place.organization) {
    const { id, management } = reading.organization ?? {}
    reading.organization = givenOrganization({ id, management, ...place.organization }, reading.notes)
  }
  noteBlindSpots(reading, pipeline)
  noteStalePolicies(reading)
  noteForeignObjects(reading, pipeline)
  const { unread, findings } = reading
  const stackTemplates = (await templates).filter((one) => one !== undefined)
  return { landscape: reading.landscape([pipeline]), unread, findings, stackTemplates }
}

async function readDeclaration(
  reading: Reading,
  { name, ...target }: LivePlace,
): Promise<PipelineDeclaration> {
  const { CodePipelineClient, GetPipelineCommand } = await import('@aws-sdk/client-codepipeline')
  const place = `account ${target.account}, ${target.region}`
  const answer = await reading.ask({ what: `the pipeline ${name}`, target }, async () => {
    const client = await reading.client(CodePipelineClient, target)
    return client.send(new GetPipelineCommand({ name }))
  })
  if ('absent' in answer)
    throw new FleetError(`there is no pipeline "${name}" in ${place}`, {
      fix: 'name the pipeline as "aws codepipeline list-pipelines" lists it, and its account and region',
    })
  if ('why' in answer)
    throw new FleetError(`the pipeline "${name}" of ${place} could not be read: ${answer.why}`, {
      fix: 'use credentials that may call codepipeline:GetPipeline',
    })
  // AWS: GetPipeline gives the declaration as CreatePipeline takes it.
  return answer.found.pipeline as unknown as PipelineDeclaration
}

interface StoreUse extends Target {
  readonly bucket: string
  readonly key?: string
}

/** AWS: artifact buckets belong to the pipeline's account, one to each region it works in. */
function storesOf({ account, region: home, declaration }: KnownPipeline): StoreUse[] {
  const regions = new Set([home, ...Object.keys(declaration.artifactStores ?? {})])
  return [...regions].flatMap((region) => {
    const store = storeIn(declaration, region, home)
    return store ? [{ account, region, bucket: store.location, key: store.encryptionKey?.id }] : []
  })
}

async function readStore(reading: Reading, { account, region, bucket, key }: StoreUse): Promise<void> {
  const target = { account, region }
  const as = `the artifact store of ${region}`
  await Promise.all([
    readBucketWithKey(reading, { name: bucket, as, region, owners: [account] }),
    key === undefined ? undefined : readKey(reading, key, target),
  ])
}

async function readBucketWithKey(reading: Reading, use: Parameters<typeof readBucket>[1]): Promise<void> {
  await readBucket(reading, use)
  const bucket = reading.buckets.get(use.name)
  if (bucket?.key) await readKey(reading, bucket.key, bucket)
}

/** AWS: the cluster of whoever names none. */
const DEFAULT_CLUSTER = 'default'

/** Reads what the configuration of actions and rules names: projects, functions, buckets, keys. */
function readActions(reading: Reading, { account, region, declaration }: KnownPipeline): Promise<void>[] {
  return declaration.stages
    .flatMap((stage) => worksOf(stage))
    .flatMap(({ action }) => {
      const { configuration, actionTypeId, roleArn } = action
      const target = { account: parseArn(roleArn ?? '')?.account ?? account, region: action.region ?? region }
      const bucket = {
        as: `the bucket of the action ${action.name}`,
        region: target.region,
        owners: [...new Set([target.account, account])],
      }
      const named = namedThings(actionTypeId, configuration)
      const { cluster = DEFAULT_CLUSTER } = named
      return [
        named.project && readProjectWithKey(reading, named.project, target),
        named.service && readService(reading, { ...target, cluster, name: named.service }),
        named.function && readFunction(reading, named.function, target),
        named.bucket && readBucketWithKey(reading, { ...bucket, name: named.bucket }),
        named.key && readKey(reading, named.key, target),
      ].filter((one) => one instanceof Promise)
    })
}

async function readProjectWithKey(reading: Reading, name: string, target: Target): Promise<void> {
  await readProject(reading, name, target)
  const project = [...reading.projects.values()].find(
    (one) => one.name === name && one.account === target.account && one.region === target.region,
  )
  if (project?.encryptionKey) await readKey(reading, project.encryptionKey, target)
}

/** Reads every role that some need names, as long as that leads to further ones. */
async function readRoles(reading: Reading, pipeline: KnownPipeline, further: readonly Arn[]): Promise<void> {
  const read = new Set<Arn>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = [...rolesOf(reading, pipeline), ...further].filter((arn) => isRole(arn) && !read.has(arn))
    if (!wanted.length) return
    for (const arn of wanted) read.add(arn)
    await Promise.all(wanted.map((arn) => readRole(reading, arn)))
  }
}

const isRole = (arn: Arn): boolean => /^arn:[\w-]+:iam::\d{12}:role\/[^*?]+$/.test(arn)

function rolesOf(reading: Reading, pipeline: KnownPipeline): Arn[] {
  const ofNeeds = needsOf(reading, pipeline).flatMap(({ principal, action, resource }) =>
    action === 'sts:AssumeRole' || action === 'iam:PassRole' ? [principal, resource] : [principal],
  )
  const { starts, taskRoles } = reading
  const ofOthers = [...starts.map(({ role }) => role), ...taskRoles.flatMap(({ roles }) => roles)]
  return [...ofNeeds, ...ofOthers.flatMap((role) => role ?? [])]
}

/** Every need as far as the reading tells it now. */
function needsOf(reading: Reading, pipeline: KnownPipeline): Need[] {
  const surroundings = surroundingsOf(pipeline, reading.landscape([pipeline]))
  return needsByAction(pipeline.declaration, surroundings).flatMap(({ needs }) => needs)
}

/** Reads the policies of the topics and image repositories that the pipeline's roles use. */
function readResources(reading: Reading, pipeline: KnownPipeline): Promise<void>[] {
  const named = needsOf(reading, pipeline).flatMap(({ resource }) => (/[*?]/.test(resource) ? [] : resource))
  return [...new Set(named)].flatMap((arn) => {
    const service = parseArn(arn)?.service
    if (service === 'sns') return [readTopic(reading, arn)]
    return service === 'ecr' ? [readRepository(reading, arn)] : []
  })
}

/** The accounts of everybody who calls and of everything that is called, the pipeline's first. */
function accountsOf(reading: Reading, pipeline: KnownPipeline): string[] {
  const needs = needsOf(reading, pipeline).flatMap(({ principal, resource }) => [principal, resource])
  const read = [...reading.roles.keys(), ...reading.keys.keys()]
  const named = [...needs, ...read].flatMap((arn) => parseArn(arn)?.account ?? [])
  const owned = [...reading.buckets.values()].map(({ account }) => account)
  const all = new Set([pipeline.account, ...named, ...owned])
  return [...all].filter((account) => /^\d{12}$/.test(account))
}
