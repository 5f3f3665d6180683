/** What whoever deploys must be allowed in one account: in words, and as a policy. */
import { MANAGED_LIMIT, type OperatorPolicy } from '../../synth/index.ts'
import { countOf } from './text.ts'

/** Gives the text; what is not policy stands behind `#`. */
export function operatorText({ account, names, policy, needs }: OperatorPolicy): string {
  const size = JSON.stringify(policy).length
  const purposes = new Map<string, Set<string>>()
  for (const { because, action } of needs) {
    const actions = purposes.get(because) ?? new Set()
    purposes.set(because, actions.add(action))
  }
  return [
    `# ${names.join(', ')} (${account}): whoever runs crossdock deploy must be allowed`,
    ...[...purposes].map(([because, actions]) => `#   ${because} (${countOf(actions.size, 'action')})`),
    ...(size > MANAGED_LIMIT
      ? [`# ${size} characters: a managed policy takes ${MANAGED_LIMIT}, so make several of its statements`]
      : []),
    `${JSON.stringify(policy, null, 2)}\n`,
  ].join('\n')
}
