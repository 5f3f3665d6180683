/** What is known of the accounts that pipelines work in, however it was read: from templates or from live accounts. */

import type { KeyGrant, PublicAccessBlock } from '../../iam/index.ts'
import type { Arn, PipelineDeclaration, Target } from '../../model/index.ts'
import type { ProjectFacts, Violation } from '../../pipeline/index.ts'
import type { Undecided } from '../../template/index.ts'
import type { LocatedPolicy } from './located-policy.ts'
import type { KnownOrganization } from './organization.ts'
import type { Origin, PlacedTemplate } from './placed-template.ts'
import type { OpenPolicies } from './reading/open-policies.ts'
import type { StandIns } from './stand-ins.ts'

/** A policy attached to a role. */
export interface IdentityPolicy extends LocatedPolicy {
  readonly kind: 'inline' | 'managed' | 'aws'
  /** The policy's name, or its ARN where it is managed. */
  readonly name: string
}

/** A policy with what it is on a role whose ARN is told. */
export interface AttachedPolicy {
  readonly on: (role: Arn) => IdentityPolicy | undefined
}

export interface KnownRole {
  readonly arn: Arn
  readonly name: string
  readonly account: string
  readonly origin: Origin
  readonly trust?: LocatedPolicy
  readonly policies: readonly IdentityPolicy[]
  readonly boundary?: LocatedPolicy
  /** ARNs of policies whose documents are not known. */
  readonly unreadable: readonly Arn[]
  readonly tags: Readonly<Record<string, string>>
  readonly when?: Undecided
}

/** An IAM user: as a role, but that nobody assumes it. */
export type KnownUser = Omit<KnownRole, 'trust'>

/** `when` in these: the condition without which there is no such resource, where nobody knows whether it holds. */
export interface KnownBucket extends Target {
  readonly name: string
  readonly origin: Origin
  readonly policy?: LocatedPolicy
  readonly publicAccessBlock: PublicAccessBlock
  readonly when?: Undecided
  readonly versioned: boolean
  /** The default encryption: the key as it is written there, `aws/s3`, or nothing for SSE-S3. */
  readonly key?: string
  /** AWS: with S3 Bucket Keys the encryption context is the bucket's ARN. */
  readonly bucketKey: boolean
  /** Who owns new objects: BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter; absent where that is not known. */
  readonly ownership?: string
  /** Whether it tells EventBridge of its objects; absent where that is not known. */
  readonly tellsEvents?: boolean
}

export interface KnownKey extends Target {
  readonly arn: Arn
  /** Whether it is rotated every year. */
  readonly rotates?: boolean
  readonly origin: Origin
  readonly policy?: LocatedPolicy
  readonly aliases: readonly string[]
  readonly when?: Undecided
  readonly tags: Readonly<Record<string, string>>
  /** Live accounts only. */
  readonly grants?: readonly KeyGrant[]
}

export interface KnownProject extends Target, ProjectFacts {
  readonly name: string
  readonly origin: Origin
  readonly serviceRole: Arn
  readonly encryptionKey?: string
  /** `BUILD_GENERAL1_SMALL` … */
  readonly compute?: string
}

/** Something that CodePipeline refuses in a declaration, or that its pages say it would. */
export interface DeclarationFault extends Violation {
  readonly origin: Origin
}

export interface KnownPipeline extends Target {
  readonly declaration: PipelineDeclaration
  /** Templates only: what is wrong with the declaration, as far as it is known. */
  readonly faults?: readonly DeclarationFault[]
  readonly when?: Undecided
  readonly origin: Origin
}

/** A rule of EventBridge that starts a pipeline, or sends events to the bus of a rule that does. */
export interface KnownStart extends Target {
  readonly rule: string
  readonly pipeline: Arn
  readonly role?: Arn
  /** The bus of the pipeline's account that events are sent to, where the rule is in another account. */
  readonly bus?: Arn
  /** The events that it waits for, as JSON; absent where it runs by a schedule. */
  readonly pattern?: string
  /** The bus whose events it sees. */
  readonly listensTo: string
  readonly isDisabled: boolean
  readonly origin: Origin
}

/** A trail of CloudTrail. */
export interface KnownTrail extends Target {
  readonly name: string
  readonly origin: Origin
  readonly isLogging: boolean
  readonly isMultiRegion: boolean
  readonly isOfOrganization: boolean
  /** What it records, as CloudFormation writes it; management events only where both are absent. */
  readonly selectors?: readonly Readonly<Record<string, unknown>>[]
  readonly advancedSelectors?: readonly Readonly<Record<string, unknown>>[]
}

/** A connection to a host of repositories. */
export interface KnownConnection {
  readonly arn: Arn
  /** AWS: what CloudFormation makes is PENDING until somebody confirms it in the console. */
  readonly status: string
  readonly origin: Origin
}

/** A rule by which a service tells of pipelines and builds through a topic. */
export interface KnownNotice extends Target {
  /** The rule's ARN. */
  readonly rule: Arn
  readonly topic: Arn
  /** The service's principal. */
  readonly service: string
  /** The pipeline's name, where the rule is about one. */
  readonly pipeline?: string
}

/** The roles that a task definition's tasks run as, and what they are made of. */
export interface KnownTaskRoles extends Target {
  readonly taskDefinition: Arn
  readonly roles: readonly Arn[]
  /** Pulls the images and writes the log. */
  readonly executionRole?: Arn
  /** ECR repositories of its images. */
  readonly repositories: readonly Arn[]
  /** ARNs of what the environment of its containers is filled with: secrets, and parameters. */
  readonly secrets?: readonly Arn[]
  readonly parameters?: readonly Arn[]
  /** Whether it has tags besides those of AWS. */
  readonly isTagged?: boolean
}

/** A service of ECS with the task definition that it runs. */
export interface KnownService extends Target {
  readonly cluster: string
  readonly name: string
  readonly taskDefinition: Arn
}

/** Something that a template names and that nothing gives. */
export interface TemplateGap {
  readonly kind: 'parameter' | 'reference' | 'export'
  readonly name: string
  readonly origin: Origin
}

export interface Landscape {
  readonly roles: ReadonlyMap<Arn, KnownRole>
  /** Templates only. */
  readonly users?: ReadonlyMap<Arn, KnownUser>
  /** Templates only: policies that are attached to roles in no template, by account and name, `111111111111 release`. */
  readonly attached?: ReadonlyMap<string, readonly AttachedPolicy[]>
  /** A fleet's templates only: roles that are in none of them because they stand already. */
  readonly existingRoles?: ReadonlySet<Arn>
  readonly buckets: ReadonlyMap<string, KnownBucket>
  readonly keys: ReadonlyMap<Arn, KnownKey>
  /** Key ARNs by alias ARN. */
  readonly aliases: ReadonlyMap<Arn, Arn>
  /** By project ARN. */
  readonly projects: ReadonlyMap<Arn, KnownProject>
  /** Execution roles by function ARN. */
  readonly functions: ReadonlyMap<Arn, Arn>
  /** The configurations of deployment groups of CodeDeploy that name one, by the group's ARN; all known groups are there. */
  readonly deploymentGroups: ReadonlyMap<Arn, string | undefined>
  /** Policies of topics, repositories, secrets: by the resource's ARN. */
  readonly resourcePolicies: ReadonlyMap<Arn, LocatedPolicy>
  readonly pipelines: readonly KnownPipeline[]
  readonly starts: readonly KnownStart[]
  /** Templates only. */
  readonly trails?: readonly KnownTrail[]
  readonly connections: readonly KnownConnection[]
  readonly notices?: readonly KnownNotice[]
  readonly taskRoles: readonly KnownTaskRoles[]
  readonly services: readonly KnownService[]
  /** Templates only: log groups that are made, by ARN without `:*`. */
  readonly logGroups?: ReadonlySet<Arn>
  /** Templates only: every topic that is made. */
  readonly topics?: ReadonlySet<Arn>
  /** Templates only: what actions name and of which no more is read than that a template makes it. */
  readonly made?: ReadonlySet<Arn>
  /** The key of topics that are encrypted, as it is written there, by the topic's ARN. */
  readonly topicKeys: ReadonlyMap<Arn, string>
  readonly templates: readonly PlacedTemplate[]
  /** The texts within all of this that stand for values nobody knows. */
  readonly standIns: StandIns
  /** Templates only: how policies with such values read. */
  readonly open?: OpenPolicies
  /** Absent where nothing is known of one. */
  readonly organization?: KnownOrganization
  /** What could not be read, in sentences. */
  readonly notes: readonly string[]
  /** Templates only: what they name and nothing gives. */
  readonly gaps?: readonly TemplateGap[]
  /** Live accounts only: what was looked for and is not there, by ARN. */
  readonly absent?: ReadonlySet<Arn>
  /** Live accounts only: resources that were read and have no policy, with where they stand. */
  readonly withoutPolicy?: ReadonlyMap<Arn, Origin>
  /** Live accounts only: why something could not be read, in words, by ARN. */
  readonly unread?: ReadonlyMap<Arn, string>
}
