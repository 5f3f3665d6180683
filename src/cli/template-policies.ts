/** The execution policies of the stacks that pipelines of plain templates deploy. */
import type { Edge, FurtherNeeds, Landscape, Use } from '../access/index.ts'
import { formatArn, type Need } from '../model/index.ts'
import { deployedStacks } from '../pipeline/index.ts'
import { type ExecutionPolicy, executionPolicy } from '../synth/index.ts'
import { stackPlace } from './application-templates.ts'
import { UsageError } from './command.ts'
import { type ProofInput, proofOf } from './proof-input.ts'

/**
 * Gives the policies, and the names of all pipelines of the templates.
 * Errors: UsageError listing the stacks where `--application` names none of their templates.
 */
export function templatePolicies(input: ProofInput): {
  readonly pipelines: readonly string[]
  readonly policies: readonly ExecutionPolicy[]
} {
  const { landscape, further } = input
  if (!further.length) {
    const places = landscape.pipelines.flatMap((one) => deployedStacks(one.declaration, one)).map(stackPlace)
    throw new UsageError(
      `name the templates of the stacks: --application <stack>=<file>; there are\n${[...new Set(places)].map((one) => `  ${one}`).join('\n')}`,
    )
  }
  const { edges } = proofOf(input)
  const policies = [...new Set(further.map(stackOf))].map((place) =>
    policyOf(
      further.filter((one) => stackOf(one) === place),
      edges,
      landscape,
    ),
  )
  return { pipelines: landscape.pipelines.map(({ declaration }) => declaration.name), policies }
}

const stackOf = ({ pipeline, stack }: FurtherNeeds): string =>
  [pipeline, stack!.account, stack!.region, stack!.name, stack!.role].join(' ')

/** Everything that a stack's role needs in the actions that change the stack: for its resources, and to read code. */
function policyOf(
  same: readonly FurtherNeeds[],
  edges: readonly Edge[],
  landscape: Landscape,
): ExecutionPolicy {
  const { pipeline, stack } = same[0]!
  const { name, account, region, role } = stack!
  const needs = edges
    .filter(({ need, uses }) => need.principal === role && uses.some(isHere))
    .map(({ need }) => withoutKeyId(need, landscape))
  return {
    ...{ pipeline, account, region, role, stack: name },
    policy: executionPolicy(needs),
    managedPolicies: [],
    unknownTypes: [...new Set(same.flatMap((one) => one.stack!.unknownTypes.map(({ type }) => type)))],
  }

  function isHere(use: Use): boolean {
    return same.some(
      ({ title, action }) => use.pipeline === pipeline && use.stage === title && use.action === action,
    )
  }
}

/** AWS makes up a key's id when the key is made; the context of its use narrows the statement. */
function withoutKeyId(need: Need, { keys }: Landscape): Need {
  const key = keys.get(need.resource)
  return key ? { ...need, resource: formatArn('kms', key.region, key.account, 'key/*') } : need
}
