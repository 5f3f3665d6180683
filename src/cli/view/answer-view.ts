/** Shows the decision on one request, with the chain of policies and statements that led to it. */

import type { AccessAnswer } from '../../access/index.ts'
import { policyName } from '../../iam/index.ts'
import type { Terminal } from '../terminal.ts'
import { originText } from './failure-view.ts'

type Policy = AccessAnswer['explanation']['policies'][number]
type Statement = Policy['statements'][number]

export function printAnswer(
  { explanation, request, remedies, assumed, hangs, isOpen }: AccessAnswer,
  terminal: Terminal,
): void {
  const { colors } = terminal
  const { decision, policies, rules } = explanation
  const allowed = decision.effect === 'allowed'
  const verdict = isOpen
    ? colors.yellow('not known')
    : allowed
      ? colors.green('allowed')
      : colors.red(decision.effect === 'explicitDeny' ? 'denied' : 'not allowed')
  terminal.print(`${verdict} ${colors.bold(request.action)} on ${request.resource}`)
  terminal.print(colors.dim(`  as ${request.caller.principalArn}`))
  for (const policy of policies) printPolicy(policy, terminal)
  if (!policies.length) terminal.print(colors.dim('  no policy speaks of it'))
  for (const rule of rules) terminal.print(colors.dim(`  rule: ${rule}`))
  for (const text of assumed) terminal.print(`${colors.yellow('not known')} ${text}; it is taken to allow`)
  if (hangs) terminal.print(`${colors.yellow('not known')} ${hangs}`)
  if (allowed) return
  terminal.print(`${colors.dim('AWS')} ${decision.message}`)
  for (const { advice, belongsIn, statement, origin } of remedies) {
    terminal.print(
      `${colors.green('fix')} ${statement ? `add to the ${belongsIn}` : advice}${originText(origin)}`,
    )
    if (statement)
      for (const line of JSON.stringify(statement, null, 2).split('\n'))
        terminal.print(`    ${colors.green(line)}`)
  }
}

function printPolicy({ policyType, policy, verdict, statements }: Policy, terminal: Terminal): void {
  const { colors } = terminal
  const said = { allows: colors.green('allows'), denies: colors.red('denies'), silent: colors.dim('silent') }[
    verdict
  ]
  terminal.print(`  ${said} ${policyName(policy)} ${colors.dim(`(${policyType})`)}`)
  const shown = statements.filter(({ matched, failed }) => matched || failed !== 'action')
  for (const statement of shown) printStatement(statement, terminal)
}

function printStatement(
  { sid, index, effect, matched, detail, conditions }: Statement,
  terminal: Terminal,
): void {
  const { colors } = terminal
  const name = sid ? `"${sid}"` : `statement ${index + 1}`
  const sign = matched ? (effect === 'Allow' ? colors.green('✔') : colors.red('✖')) : colors.dim('·')
  terminal.print(`    ${sign} ${effect} ${name}${detail ? colors.dim(`  ${detail}`) : ''}`)
  for (const { operator, key, wanted, got, held } of conditions)
    terminal.print(
      colors.dim(
        `        ${held ? '✔' : '✖'} ${operator} ${key}: wanted ${wanted.join(' or ')}, got ${got === undefined ? 'no value' : [got].flat().join(', ')}`,
      ),
    )
}
