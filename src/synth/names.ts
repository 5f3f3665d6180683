/** Every name that Crossdock gives, derived from the fleet alone so that no stack has to wait for another's. */
import { expandText, type Fleet, type FleetRoles } from '../fleet/index.ts'
import { type Arn, formatArn, type Target } from '../model/index.ts'

/** AWS: longest name of a pipeline, a role, a policy, a function, a bucket, a stack, a topic, a project and a rule. */
const LONGEST = {
  pipeline: 100,
  role: 64,
  policy: 128,
  function: 64,
  bucket: 63,
  stack: 128,
  topic: 256,
  project: 150,
  rule: 64,
} as const

export type PipelineRole = 'pipeline' | 'events' | 'observer'
export type TargetRole = 'deploy' | 'cloudformation' | 'stacksets' | 'protect'

/** What a project does: build, test a stage, build pull requests, or update the pipeline. */
export type ProjectUse = 'build' | 'test' | 'pull-requests' | 'update'
/** A batch's builds are started as a role of its own, and what is dropped for a source is put as one. */
type PartRoleUse = ProjectUse | 'batch' | 'drop'

/** Characters of a role's ending that leave room for the fleet's name before it. */
const LONGEST_ENDING = 32

const endingOf = (use: PartRoleUse, which?: string): string =>
  which === undefined ? `-${use}` : `-${use}-${safe(which)}`
type NamedFleet = Pick<Fleet, 'name' | 'hub' | 'iam' | 'keys' | 'buckets' | 'pipelines'>

/** Names of one fleet. */
export class Names {
  readonly #name: string
  readonly #fleet: string
  readonly #path: string
  readonly #hub: string
  readonly #keys: Fleet['keys']
  readonly #buckets: Fleet['buckets']
  readonly #roles: ReadonlyMap<string, FleetRoles>
  readonly #roleArns = new Map<string, Arn>()

  constructor({ name, hub, iam, keys, buckets, pipelines }: NamedFleet) {
    this.#name = name
    this.#fleet = `${iam.prefix}-${name}`
    this.#path = iam.path
    this.#hub = hub.account
    this.#keys = keys
    this.#buckets = buckets
    this.#roles = new Map(pipelines.map(({ id, roles }) => [id, roles]))
  }

  /** What every name of the fleet begins with that is not shortened. */
  get prefix(): string {
    return `${this.#fleet}-`
  }

  /** What the name of every artifact bucket of a region begins with, shortened or not. */
  bucketPrefix(region: string): string {
    return this.prefix.slice(0, roomFor(`-${this.#hub}-${region}`, LONGEST.bucket))
  }

  get keyAlias(): string {
    return `alias/${this.#fleet}`
  }

  /** Stack of the whole fleet: `hub` in the hub's region, `key` in each further region, `parameters` elsewhere. */
  fleetStack(part: 'hub' | 'key' | 'parameters'): string {
    return `${this.#fleet}-${part}`
  }

  /** Gives a pipeline's name, shortened where AWS takes none so long. */
  pipeline(name: string): string {
    return shortened([name], '', LONGEST.pipeline)
  }

  /** Stack of one pipeline. */
  pipelineStack(pipeline: string, part?: 'store' | 'access' | 'tests' | 'source'): string {
    return shortened([this.#fleet, pipeline], part ? `-${part}` : '', LONGEST.stack)
  }

  /** The key of a region: an existing one, or the ARN of the fleet's own as far as it is known before it is there. */
  key(region: string): Arn {
    return this.existingKey(region) ?? formatArn('kms', region, this.#hub, 'key/*')
  }

  existingKey(region: string): Arn | undefined {
    return this.#keys[region]?.name
  }

  existingBucket(region: string): string | undefined {
    return this.#buckets[region]?.name
  }

  /** AWS: bucket names are unique in the world, so account and region are part of them. */
  bucket(pipeline: string, region: string): string {
    const existing = this.existingBucket(region)
    if (existing !== undefined) return existing
    return shortened([this.#fleet, pipeline], `-${this.#hub}-${region}`, LONGEST.bucket)
  }

  /** Bucket of the caches of a pipeline's builds in one place. */
  cacheBucket(pipeline: string, { account, region }: Target): string {
    return shortened([this.#fleet, pipeline], `-cache-${account}-${region}`, LONGEST.bucket)
  }

  /** Bucket of the fleet for sources that others drop. */
  dropBucket(region: string): string {
    return shortened([this.#fleet], `-drops-${this.#hub}-${region}`, LONGEST.bucket)
  }

  /** Bucket of the fleet for large templates. */
  templateBucket(region: string): string {
    return shortened([this.#fleet], `-templates-${this.#hub}-${region}`, LONGEST.bucket)
  }

  role(pipeline: string, role: PipelineRole | TargetRole): string {
    return shortened([this.#fleet, pipeline], `-${role}`, LONGEST.role)
  }

  roleArn(account: string, pipeline: string, role: PipelineRole | TargetRole): Arn {
    const key = `${account} ${role} ${pipeline}`
    let arn = this.#roleArns.get(key)
    if (!arn) {
      arn =
        this.existingRole(account, pipeline, role) ??
        formatArn('iam', '', account, `role${this.#path}${this.role(pipeline, role)}`)
      this.#roleArns.set(key, arn)
    }
    return arn
  }

  /** The role that a pipeline uses instead of one of its own; undefined where it names none. */
  existingRole(
    account: string,
    pipeline: string,
    role: PipelineRole | TargetRole | 'build',
  ): Arn | undefined {
    const roles: Readonly<Partial<Record<string, { readonly arn: string }>>> = this.#roles.get(pipeline) ?? {}
    const named = roles[role]?.arn
    return named === undefined ? undefined : expandText(named, { account })
  }

  /** Function that protects stacks. AWS: at most 64 characters. */
  protectionFunction(pipeline: string): string {
    return shortened([this.#fleet, pipeline], '-protect', LONGEST.role)
  }

  /**
   * Role that StackSets assumes in each account of a stack set.
   * AWS: it is told by its name alone, so that it stands in no path.
   */
  executionRole(pipeline: string): string {
    return shortened([this.#fleet, pipeline], '-instances', LONGEST.role)
  }

  executionRoleArn(account: string, pipeline: string): Arn {
    return formatArn('iam', '', account, `role/${this.executionRole(pipeline)}`)
  }

  /** Pattern for every role of the fleet in an account. */
  rolePattern(account: string): Arn {
    return formatArn('iam', '', account, `role${this.#path}${this.prefix}*`)
  }

  /** Repository of an image. AWS: single hyphens, and letters or digits at both ends of each part of its name. */
  imageRepository(image: string): string {
    return `${this.#name.replace(/-+/g, '-').replace(/-$/, '')}/${image}`
  }

  imageArn(image: string, { account, region }: Target): Arn {
    return formatArn('ecr', region, account, `repository/${this.imageRepository(image)}`)
  }

  /** CodeBuild project: what it is for, and of which of several. */
  project(pipeline: string, use: ProjectUse, which?: string): string {
    return shortened([this.#fleet, pipeline], endingOf(use, which), LONGEST.project)
  }

  /**
   * The role of one part of a pipeline: of a CodeBuild project, or of those who drop a source. A build role that the
   * pipeline names is of the hub, and of every project there.
   */
  partRoleArn(account: string, pipeline: string, use: PartRoleUse, which?: string): Arn {
    const isProject = use === 'build' || use === 'test'
    const existing =
      isProject && account === this.#hub ? this.existingRole(account, pipeline, 'build') : undefined
    if (existing !== undefined) return existing
    const ending = endingOf(use, which)
    const name =
      ending.length > LONGEST_ENDING
        ? shortened([this.#fleet, `${pipeline}${ending}`], '', LONGEST.role)
        : shortened([this.#fleet, pipeline], ending, LONGEST.role)
    return formatArn('iam', '', account, `role${this.#path}${name}`)
  }

  topic(pipeline: string, stage: string): string {
    return shortened([this.#fleet, pipeline], `-${safe(stage)}-approval`, LONGEST.topic)
  }

  /** Function that looks at other accounts for a pipeline. */
  observer(pipeline: string): string {
    return shortened([this.#fleet, pipeline], '-observer', LONGEST.function)
  }

  /** Policy of those who answer the approval of a stage. */
  approvers(pipeline: string, stage: string): string {
    return shortened([this.#fleet, pipeline], `-${safe(stage)}-approvers`, LONGEST.policy)
  }

  /** What the outputs of a deploy are found under. AWS: at most 100 characters. */
  namespace(stage: string, deploy: string): string {
    return shortened([safe(stage)], `-${deploy}`, 100)
  }

  /** Rule whose events start a pipeline: of its source, or of one of several. */
  rule(pipeline: string, start: 'source' | 'schedule' | 'after', which?: string): string {
    const beginning = [this.#fleet, pipeline]
    return which === undefined
      ? shortened(beginning, `-${start}`, LONGEST.rule)
      : shortened([...beginning, start, which], '', LONGEST.rule)
  }

  /** Topic that mails what a pipeline tells, and of which of several lists. */
  noticeTopic(pipeline: string, index: number): string {
    return shortened([this.#fleet, pipeline], `-notify${index ? index + 1 : ''}`, LONGEST.topic)
  }

  /** Rule that tells of a pipeline. AWS: at most 64 characters, of both services. */
  notice(pipeline: string, index: number, of?: 'rollback'): string {
    const ending = `-${of ?? 'notify'}${index ? index + 1 : ''}`
    return shortened([this.#fleet, pipeline], ending, LONGEST.rule)
  }

  /** User that mirrors another repository. AWS: at most 64 characters. */
  mirrorUser(repository: string): string {
    return shortened([this.#fleet, repository], '-mirror', LONGEST.role)
  }

  mirrorUserArn(repository: string): Arn {
    return formatArn('iam', '', this.#hub, `user${this.#path}${this.mirrorUser(repository)}`)
  }

  /** Statement of a bus' policy that lets the rules of an account in. AWS: at most 64 characters. */
  busStatement(pipeline: string, account: string): string {
    return shortened([this.#fleet, pipeline], `-from-${account}`, LONGEST.rule)
  }

  /** AWS: at most 32 characters. */
  connection(provider: string): string {
    return shortened([this.#fleet], `-${provider.toLowerCase()}`, 32)
  }
}

/** Gives a logical ID: words in capitals, nothing but letters and digits. */
export const logicalId = (...words: readonly string[]): string =>
  words
    .flatMap((word) => word.split(/[^A-Za-z0-9]+/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** Gives a logical ID that tells names apart which differ in no more than a dot or a slash. */
export const distinctId = (kind: string, name: string): string =>
  `${logicalId(kind, name).slice(0, 200)}${hashOf(name)}`

/** Characters of the hash in a name that is shortened. */
const HASH = 8

/** Characters of the beginning that stay in a name that is shortened. */
const roomFor = (ending: string, longest: number): number => longest - ending.length - HASH - 1

function hashOf(text: string): string {
  // Few names are that long, and loading the module takes longer than a small fleet's synthesis.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest('hex').slice(0, HASH)
}

/** Joins the parts and keeps the ending whole; what does not fit gives way to a hash of it. */
function shortened(parts: readonly string[], ending: string, longest: number): string {
  const beginning = parts.join('-')
  if (beginning.length + ending.length <= longest) return beginning + ending
  return `${beginning.slice(0, roomFor(ending, longest))}-${hashOf(beginning)}${ending}`
}

/** Stage names may hold `.` and `@`, which names of projects and topics may not. */
const safe = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '-')
