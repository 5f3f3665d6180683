/** The kinds of target that rules can have here, told by their ARNs. */
import { type ArnParts, parseArn } from '../../../../model/index.ts'

export type TargetKind = 'lambda' | 'sns' | 'codepipeline' | 'codebuild' | 'logs' | 'event-bus'

export interface KindRules {
  /** The resource part of the target's ARN. */
  readonly resource: RegExp
  /** AWS: EventBridge works as this role; without one it works as itself, by the target's own policy. */
  readonly needsRole: boolean
  /** Whether the target may be in another account than the rule. */
  readonly otherAccounts: boolean
  /** Whether the target may be in another region than the rule. */
  readonly otherRegions: boolean
}

export const KINDS: Readonly<Record<TargetKind, KindRules>> = {
  lambda: { resource: /^function:/, needsRole: false, otherAccounts: true, otherRegions: false },
  sns: { resource: /^[\w-]+$/, needsRole: false, otherAccounts: true, otherRegions: false },
  codepipeline: { resource: /^[\w.@-]+$/, needsRole: true, otherAccounts: false, otherRegions: false },
  codebuild: { resource: /^project\/./, needsRole: true, otherAccounts: false, otherRegions: false },
  logs: { resource: /^log-group:./, needsRole: false, otherAccounts: false, otherRegions: false },
  'event-bus': { resource: /^event-bus\/./, needsRole: true, otherAccounts: true, otherRegions: true },
}

/** Gives the kind of a target and its ARN's parts; no kind where the cloud has none for the service. */
export function kindOf(arn: string): { parts: ArnParts; kind?: TargetKind } | undefined {
  const parts = parseArn(arn)
  if (!parts) return undefined
  const name = parts.service === 'events' ? 'event-bus' : parts.service
  return Object.hasOwn(KINDS, name) ? { parts, kind: name as TargetKind } : { parts }
}
