/** A function's configuration: checked as AWS checks it, and shown as AWS shows it. */
import type { FunctionConfiguration, LoggingConfig, Runtime } from '@aws-sdk/client-lambda'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { FunctionVersion, StoredFunction } from '../state.ts'
import { invalidValue } from './errors.ts'
import { describeImage } from './function-image.ts'
import { describeLayers } from './layers.ts'
import { describeSettings, type SettingsInput } from './settings.ts'
import { assumeExecutionRole } from './start-process.ts'

/** Bytes of all environment variables together. */
const ENVIRONMENT_LIMIT = 4096

/** Variables that AWS sets itself. */
const RESERVED = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]

/** What CreateFunction and UpdateFunctionConfiguration have in common. */
export interface ConfigurationInput extends SettingsInput {
  readonly Role?: string
  readonly Handler?: string
  readonly Runtime?: Runtime
  readonly Description?: string
  readonly Timeout?: number
  readonly MemorySize?: number
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> }
  readonly EphemeralStorage?: { readonly Size: number }
  readonly LoggingConfig?: LoggingConfig
  readonly Layers?: string[]
  readonly KMSKeyArn?: string
}

const unsupported = (what: string): AwsError =>
  invalidValue(`The embedded cloud does not support ${what} of Lambda functions.`)

/** Errors: InvalidParameterValueException, naming what is wrong or what the embedded cloud does not do. */
export function checkConfiguration(input: ConfigurationInput): void {
  if (input.KMSKeyArn) throw unsupported('a key of your own for environment variables ("KMSKeyArn")')
  const { LogFormat, ApplicationLogLevel, SystemLogLevel } = input.LoggingConfig ?? {}
  if (LogFormat !== 'JSON' && (ApplicationLogLevel || SystemLogLevel))
    throw invalidValue('ApplicationLogLevel and SystemLogLevel can be set only where LogFormat is JSON.')
  const variables = input.Environment?.Variables ?? {}
  const reserved = Object.keys(variables).filter((name) => RESERVED.includes(name))
  if (reserved.length)
    throw invalidValue(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  if (Buffer.byteLength(JSON.stringify(variables)) > ENVIRONMENT_LIMIT)
    throw invalidValue(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`,
    )
}

/**
 * Gives how a version logs. AWS: text unless JSON is asked for, and that at the level INFO unless another is
 * (`monitoring-cloudwatchlogs-logformat.md`).
 */
export const loggingFrom = (
  config: LoggingConfig | undefined,
  functionName: string,
): Pick<FunctionVersion, 'logFormat' | 'applicationLogLevel' | 'systemLogLevel' | 'logGroup'> => ({
  logFormat: config?.LogFormat ?? 'Text',
  applicationLogLevel: config?.LogFormat === 'JSON' ? (config.ApplicationLogLevel ?? 'INFO') : undefined,
  systemLogLevel: config?.LogFormat === 'JSON' ? (config.SystemLogLevel ?? 'INFO') : undefined,
  logGroup: config?.LogGroup ?? `/aws/lambda/${functionName}`,
})

/**
 * Checks that Lambda can assume a role. AWS: a missing role is answered like one that does not trust Lambda.
 * Errors: InvalidParameterValueException; AccessDeniedException for a role of another account.
 */
export async function checkRole(
  ctx: Context,
  stored: { arn: string; name: string; account: string },
  role: string,
): Promise<void> {
  if (role.split(':')[4] !== stored.account)
    throw new AwsError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 })
  await assumeExecutionRole(ctx, stored, role).catch((error) => {
    throw error instanceof AwsError ? invalidValue(error.message) : error
  })
}

/** Gives a version as the API shows it; `qualified` puts the version behind the ARN. */
export function describeVersion(
  stored: StoredFunction,
  version: FunctionVersion,
  qualified = version.version !== '$LATEST',
): FunctionConfiguration {
  return {
    FunctionName: stored.name,
    FunctionArn: qualified ? `${stored.arn}:${version.version}` : stored.arn,
    Runtime: version.runtime,
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.codeSize,
    Description: version.description,
    Timeout: version.timeout,
    MemorySize: version.memorySize,
    LastModified: version.lastModified,
    CodeSha256: version.codeSha256,
    Version: version.version,
    ...(version.environment ? { Environment: { Variables: { ...version.environment } } } : {}),
    ...describeSettings(version),
    ...describeLayers(version),
    RevisionId: version.revisionId,
    State: version.state,
    StateReason: version.stateReason,
    StateReasonCode: version.stateReasonCode,
    LastUpdateStatus: version.lastUpdateStatus,
    LastUpdateStatusReason: version.lastUpdateStatusReason,
    PackageType: version.image ? 'Image' : 'Zip',
    ...(version.image && describeImage(version.image)),
    Architectures: [...version.architectures],
    EphemeralStorage: { Size: version.ephemeralStorage },
    LoggingConfig: {
      LogFormat: version.logFormat,
      ApplicationLogLevel: version.applicationLogLevel,
      SystemLogLevel: version.systemLogLevel,
      LogGroup: version.logGroup,
    },
  }
}
