/** What Lambda keeps: functions, their versions, aliases, policies, and asynchronous invocations under way. */
import type {
  ApplicationLogLevel,
  Architecture,
  Cors,
  FunctionUrlAuthType,
  LastUpdateStatus,
  LogFormat,
  RecursiveLoop,
  Runtime,
  State,
  StateReasonCode,
  SystemLogLevel,
  UpdateRuntimeOn,
} from '@aws-sdk/client-lambda'
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

/** What all versions of a function share. */
export interface StoredFunction {
  readonly name: string
  readonly arn: string
  readonly account: string
  readonly region: string
  /** Number of the version published last; 0 when none was. */
  readonly lastVersion: number
  readonly reservedConcurrency?: number
  readonly recursiveLoop?: RecursiveLoop
  readonly tags: Tags
}

/** One version, `$LATEST` or a number. Published ones do not change any more but for their state. */
export interface FunctionVersion {
  readonly functionName: string
  readonly version: string
  /** None of a function that is a container image. */
  readonly runtime?: Runtime
  readonly role: string
  readonly handler?: string
  readonly description: string
  /** Seconds. */
  readonly timeout: number
  /** Megabytes. */
  readonly memorySize: number
  readonly environment?: Readonly<Record<string, string>>
  readonly architectures: readonly Architecture[]
  /** Megabytes. */
  readonly ephemeralStorage: number
  readonly logFormat: LogFormat
  /** Of the JSON format alone. */
  readonly applicationLogLevel?: ApplicationLogLevel
  readonly systemLogLevel?: SystemLogLevel
  readonly logGroup: string
  readonly vpc?: {
    readonly subnets: readonly string[]
    readonly securityGroups: readonly string[]
    readonly dualStack: boolean
  }
  readonly tracing?: 'Active'
  readonly snapStart?: true
  /** ARN of what gets events that failed for good. */
  readonly deadLetterTarget?: string
  readonly layers?: readonly UsedLayer[]
  readonly image?: FunctionImage
  /** Base64 of the archive's SHA-256, as AWS shows it; of an image the hexadecimal digits of its digest. */
  readonly codeSha256: string
  /** Bytes of the archive. */
  readonly codeSize: number
  /** As AWS writes it: `2026-11-21T10:00:00.000+0000`. */
  readonly lastModified: string
  readonly revisionId: string
  readonly updateRuntimeOn?: UpdateRuntimeOn
  readonly runtimeVersion?: string
  /** Changes whenever code or configuration do; processes of another one are not used any more. */
  readonly generation: string
  readonly state: State
  readonly stateReason?: string
  readonly stateReasonCode?: StateReasonCode
  readonly lastUpdateStatus?: LastUpdateStatus
  readonly lastUpdateStatusReason?: string
}

/** The container image that a function is. */
export interface FunctionImage {
  /** As the request named it, and by its digest. */
  readonly uri: string
  readonly resolvedUri: string
  readonly entryPoint?: readonly string[]
  readonly command?: readonly string[]
  readonly workingDirectory?: string
}

/** A version of a layer as a function has it, also when the layer's is deleted. */
export interface UsedLayer {
  readonly arn: string
  readonly codeSha256: string
  readonly codeSize: number
}

export interface Layer {
  readonly name: string
  readonly lastVersion: number
}

export interface LayerVersion {
  readonly name: string
  readonly layerArn: string
  readonly version: number
  readonly description: string
  readonly runtimes?: readonly Runtime[]
  readonly architectures?: readonly Architecture[]
  readonly license?: string
  /** As AWS writes it. */
  readonly createdAt: string
  readonly codeSha256: string
  readonly codeSize: number
}

export interface Alias {
  readonly functionName: string
  readonly name: string
  readonly version: string
  readonly description: string
  /** Version number to its share, 0 to 1. */
  readonly weights: Readonly<Record<string, number>>
  readonly revisionId: string
}

export interface FunctionPolicy {
  readonly policy: BoundPolicy
  readonly revisionId: string
}

/** An asynchronous invocation that is not done; it survives a crash. */
export interface PendingEvent {
  readonly id: string
  readonly functionArn: string
  readonly qualifier?: string
  /** Base64. */
  readonly payload: string
  readonly receivedAt: number
  readonly attempts: number
}

export interface EventInvokeConfig {
  readonly functionName: string
  readonly qualifier: string
  readonly maximumRetryAttempts?: number
  readonly maximumEventAgeInSeconds?: number
  /** ARNs of who is told the end of invocations. */
  readonly onSuccess?: string
  readonly onFailure?: string
  readonly lastModified: number
}

export interface FunctionUrl {
  /** What its address is known by. */
  readonly id: string
  readonly functionName: string
  /** An alias; absent for `$LATEST`. */
  readonly qualifier?: string
  readonly authType: FunctionUrlAuthType
  readonly cors?: Cors
  /** In ISO 8601. */
  readonly createdAt: string
  readonly lastModified: string
}

export interface ProvisionedConcurrency {
  readonly functionName: string
  /** A version's number or an alias. */
  readonly qualifier: string
  readonly requested: number
  readonly ready: boolean
  /** As AWS writes it. */
  readonly lastModified: string
}

/** What fetches messages of a queue for a function. */
export interface EventSourceMapping {
  readonly uuid: string
  readonly sourceArn: string
  /** With the qualifier, where there is one. */
  readonly functionArn: string
  readonly batchSize: number
  /** Seconds. */
  readonly batchingWindow: number
  /** Event patterns, of which one must fit. */
  readonly filters: readonly string[]
  readonly reportsItemFailures: boolean
  readonly maximumConcurrency?: number
  readonly enabled: boolean
  readonly state: MappingState
  readonly lastModified: number
  readonly tags: Tags
}

export type MappingState =
  | 'Creating'
  | 'Enabling'
  | 'Enabled'
  | 'Disabling'
  | 'Disabled'
  | 'Updating'
  | 'Deleting'

export const functions = collection<StoredFunction>('lambda.functions')
/** By `name:version`. */
export const versions = collection<FunctionVersion>('lambda.versions')
/** By `name:alias`. */
export const aliases = collection<Alias>('lambda.aliases')
/** By `name`, or `name:qualifier` for the policy of a version or alias. */
export const policies = collection<FunctionPolicy>('lambda.policies')
export const pendingEvents = collection<PendingEvent>('lambda.pending-events')
/** By `name:qualifier`. */
export const eventInvokeConfigs = collection<EventInvokeConfig>('lambda.event-invoke-configs')
/** By UUID. */
export const eventSourceMappings = collection<EventSourceMapping>('lambda.event-source-mappings')
export const layers = collection<Layer>('lambda.layers')
/** By `name:version`. */
export const layerVersions = collection<LayerVersion>('lambda.layer-versions')
/** By `name:version`. */
export const layerPolicies = collection<FunctionPolicy>('lambda.layer-policies')
/** By `name`, or `name:alias`. */
export const urls = collection<FunctionUrl>('lambda.urls')
/** By `name:qualifier`. */
export const provisioned = collection<ProvisionedConcurrency>('lambda.provisioned-concurrency')

export const LATEST = '$LATEST'
