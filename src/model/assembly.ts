/** What synthesis gives: stacks in waves, and the pipelines they carry. */
import type { Target } from './environment.ts'
import type { FleetError } from './error.ts'
import type { Need } from './need.ts'
import type { PipelineDeclaration } from './pipeline.ts'
import type { Template } from './template.ts'

/** One CloudFormation stack to deploy. */
export interface AssemblyStack {
  readonly name: string
  readonly target: Target
  /** Name of the environment whose credentials deploy it, or `hub`. */
  readonly environment: string
  /** What it is for, in a few words: "roles in prod". */
  readonly title: string
  readonly template: Template
  readonly capabilities: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  /** Parameter values that are only known once an earlier wave stands: an output of one of its stacks. */
  readonly parametersFrom: Readonly<Record<string, StackOutputReference>>
  /** Bucket of an earlier wave that takes the template, which is too large for the request. */
  readonly templateBucket?: string
}

export interface StackOutputReference {
  readonly stack: string
  readonly target: Target
  readonly output: string
}

/** Stacks that are deployed side by side: none takes another's output. */
export type Wave = readonly AssemblyStack[]

export interface AssemblyPipeline {
  /** The fleet's key for it; the declaration has the CodePipeline pipeline's name. */
  readonly id: string
  readonly declaration: PipelineDeclaration
  readonly needs: readonly Need[]
  /** Those of `needs` that come from the application's own templates and not from the declaration. */
  readonly applications?: readonly ApplicationStackNeeds[]
  /** What others need for the pipeline's actions: who answers an approval, a service that tells a function of it. */
  readonly others?: readonly OthersNeeds[]
}

/** What others than the pipeline need for one of its actions. */
export interface OthersNeeds {
  readonly stage: string
  readonly action: string
  /** Where the calls are made; absent where nothing hangs on it. */
  readonly region?: string
  readonly needs: readonly Need[]
}

/** What CloudFormation needs for one stack that a pipeline deploys. */
export interface ApplicationStackNeeds extends Target {
  readonly stack: string
  readonly needs: readonly Need[]
  /** The file beside the fleet file that the needs were told from. */
  readonly file?: string
}

/** A role, a key or an artifact bucket that stands already, and that a pipeline uses. */
export interface ExistingUse {
  readonly kind: 'role' | 'key' | 'bucket'
  /** Its ARN; the name of a bucket. */
  readonly name: string
  readonly region: string
  /** What it must have, for where nobody reads what it has. */
  readonly told: readonly FleetError[]
}

/** Where a fleet lives, and by what its own things are told. */
export interface FleetHome {
  /** Account and region of the pipelines. */
  readonly hub: Target
  /** What the names of its stacks begin with: `crossdock-acme-`. */
  readonly prefix: string
}

/** The path of what a fleet keeps of itself in Parameter Store of its hub. */
export const fleetPath = ({ prefix }: FleetHome): string => `/crossdock/${prefix.replace(/-$/, '')}`

export interface Assembly {
  readonly fleet: string
  /** Absent in one that is no fleet's: then nothing is kept of it beside its stacks. */
  readonly home?: FleetHome
  readonly waves: readonly Wave[]
  readonly pipelines: readonly AssemblyPipeline[]
  /** What pipelines use and no stack makes: it stands already. */
  readonly existing?: readonly ExistingUse[]
  /** What the user should know though nothing is refused: a resource type without known permissions, for example. */
  readonly warnings?: readonly FleetError[]
}
