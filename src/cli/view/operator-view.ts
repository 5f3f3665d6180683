/** What whoever deploys must be allowed in one account: in words, and as policies. */
import type { OperatorPolicy } from '../../synth/index.ts'
import { countOf } from './text.ts'

/** Gives the text; what is not policy stands behind `#`. */
export function operatorText({ account, names, policies, needs }: OperatorPolicy): string {
  const purposes = new Map<string, Set<string>>()
  for (const { because, action } of needs) {
    const actions = purposes.get(because) ?? new Set()
    purposes.set(because, actions.add(action))
  }
  return [
    `# ${names.join(', ')} (${account}): whoever runs crossdock deploy must be allowed`,
    ...[...purposes].map(([because, actions]) => `#   ${because} (${countOf(actions.size, 'action')})`),
    ...policies.flatMap((policy, index) => [
      ...(policies.length > 1 ? [`# managed policy ${index + 1} of ${policies.length}`] : []),
      `${JSON.stringify(policy, null, 2)}\n`,
    ]),
  ].join('\n')
}
