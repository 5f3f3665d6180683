/** What guards a stage: what its environments say, and what it adds. */
import { FleetError } from '../model/index.ts'
import type { ApprovalFile } from './approval-schema.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetStage } from './fleet.ts'

export interface GuardsFile {
  readonly approve?: ApprovalFile
  readonly changeSets?: boolean
  readonly window?: FleetStage['window']
  readonly alarms?: readonly string[]
  readonly bake?: number
  readonly onFailure?: FleetStage['onFailure']
}

/** Those that the nearest says alone. */
const NEAREST = ['changeSets', 'window', 'alarms', 'bake', 'onFailure'] as const

/** Gives the keys of a stage, each of its own or else of the first of its environments that has it; approvals are put together. */
export function inheritGuards<Stage extends GuardsFile>(
  stage: Stage,
  environments: readonly GuardsFile[],
): Stage {
  const inherited: Record<string, unknown> = {}
  for (const key of NEAREST) {
    const found = environments.find((one) => one[key] !== undefined)
    if (found && stage[key] === undefined) inherited[key] = found[key]
  }
  const approve = [...environments, stage].map((one) => one.approve).reduce(joinApprovals, undefined)
  return { ...stage, ...inherited, approve }
}

/** Gives what asks as both do: who is named in either is named in both, and of the rest the second says it. */
export function joinApprovals(
  first: ApprovalFile | undefined,
  second: ApprovalFile | undefined,
): ApprovalFile | undefined {
  if (!first || !second) return first || second
  if (first === true || second === true) return first === true ? second : first
  const lists = Object.entries(second).filter(([, value]) => Array.isArray(value)) as [
    keyof typeof second,
    readonly unknown[],
  ][]
  const joined = lists.map(([key, list]) => [key, [...new Set([...((first[key] as []) ?? []), ...list])]])
  return { ...first, ...second, ...Object.fromEntries(joined) } as ApprovalFile
}

/** Gives an error where a stage drops the approval that an environment of it asks for. */
export function droppedApproval(
  stage: GuardsFile,
  environments: readonly (GuardsFile & { readonly name: string })[],
  path: DataPath,
  document: FleetDocument,
  which = 'this stage',
): FleetError[] {
  const asking = environments.find(({ approve }) => approve)
  if (!asking || stage.approve !== false) return []
  return [
    new FleetError(`${asking.name} asks for an approval that ${which} drops`, {
      location: document.locate([...path, 'approve']),
      fix: 'remove `approve: false`',
    }),
  ]
}
