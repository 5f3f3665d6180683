/** Settings of a version that say where its processes would stand on AWS: kept and shown, and without effect here. */
import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { FunctionVersion } from '../state.ts'
import { invalidValue } from './errors.ts'
import { checkDeadLetterTarget } from './invocation-record.ts'

export interface SettingsInput {
  readonly VpcConfig?: {
    readonly SubnetIds?: string[]
    readonly SecurityGroupIds?: string[]
    readonly Ipv6AllowedForDualStack?: boolean
  }
  readonly TracingConfig?: { readonly Mode?: string }
  readonly SnapStart?: { readonly ApplyOn?: string }
  readonly DeadLetterConfig?: { readonly TargetArn?: string }
}

type Settings = Pick<FunctionVersion, 'vpc' | 'tracing' | 'snapStart' | 'deadLetterTarget'>

/** AWS: "Improving startup performance with Lambda SnapStart" lists Java 11, Python 3.12, .NET 8 and what is later. */
const SNAPPED = /^(java(1[1-9]|[2-9]\d)|python3\.(1[2-9]|[2-9]\d)|dotnet([89]|[1-9]\d))$/

/** Gives the settings that a request names; what it leaves out keeps what `before` has. */
export function settingsFrom(input: SettingsInput, before: Settings = {}): Settings {
  const { VpcConfig, TracingConfig, SnapStart, DeadLetterConfig } = input
  return {
    vpc: VpcConfig ? vpcFrom(VpcConfig) : before.vpc,
    tracing: TracingConfig ? tracingFrom(TracingConfig.Mode) : before.tracing,
    snapStart: SnapStart ? SnapStart.ApplyOn === 'PublishedVersions' || undefined : before.snapStart,
    deadLetterTarget: DeadLetterConfig ? DeadLetterConfig.TargetArn || undefined : before.deadLetterTarget,
  }
}

const tracingFrom = (mode: string | undefined) => (mode === 'Active' ? 'Active' : undefined)

function vpcFrom(given: NonNullable<SettingsInput['VpcConfig']>): Settings['vpc'] {
  const { SubnetIds: subnets = [], SecurityGroupIds: securityGroups = [] } = given
  if (!subnets.length && !securityGroups.length) return undefined
  return { subnets, securityGroups, dualStack: given.Ipv6AllowedForDualStack ?? false }
}

/** Errors: InvalidParameterValueException for settings that AWS does not take. */
export function checkSettings(input: SettingsInput, runtime: string | undefined): void {
  const { SubnetIds = [], SecurityGroupIds = [] } = input.VpcConfig ?? {}
  if (Boolean(SubnetIds.length) !== Boolean(SecurityGroupIds.length))
    throw invalidValue('SubnetIds and SecurityIds must coexist or be both empty list.')
  checkDeadLetterTarget(input.DeadLetterConfig?.TargetArn)
  if (input.SnapStart?.ApplyOn === 'PublishedVersions' && runtime && !SNAPPED.test(runtime))
    throw invalidValue(`${runtime} is not supported for SnapStart enabled functions.`)
}

/** Gives the settings as the API shows them. The network that a subnet lies in is not told: there is none here. */
export const describeSettings = (version: FunctionVersion): Partial<FunctionConfiguration> => ({
  ...(version.vpc && {
    VpcConfig: {
      SubnetIds: [...version.vpc.subnets],
      SecurityGroupIds: [...version.vpc.securityGroups],
      Ipv6AllowedForDualStack: version.vpc.dualStack,
    },
  }),
  ...(version.deadLetterTarget && { DeadLetterConfig: { TargetArn: version.deadLetterTarget } }),
  TracingConfig: { Mode: version.tracing ?? 'PassThrough' },
  SnapStart: {
    ApplyOn: version.snapStart ? 'PublishedVersions' : 'None',
    OptimizationStatus: version.snapStart && version.version !== '$LATEST' ? 'On' : 'Off',
  },
})
