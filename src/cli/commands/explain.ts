/** `crossdock explain`: why a role may or may not do something, policy by policy. */

import { explainAccess, explanationInWords } from '../../access/index.ts'
import { entryOf, setEntry } from '../../model/index.ts'
import { type Command, UsageError } from '../command.ts'
import { meantAction } from '../meant-action.ts'
import { ORGANIZATION_OPTIONS } from '../organization-input.ts'
import { TEMPLATES_OPTION } from '../placed-templates.ts'
import { proofInputOf } from '../proof-input.ts'
import { printAnswer } from '../view/answer-view.ts'
import { FLEET_OPTION } from '../workspace.ts'

export const explain: Command = {
  arguments: [
    { flags: '<action>', description: 'what is to be done, s3:GetObject for example' },
    { flags: '<resource>', description: 'the ARN it is to be done with; a role, bucket, key …' },
  ],
  options: [
    FLEET_OPTION,
    TEMPLATES_OPTION,
    ...ORGANIZATION_OPTIONS,
    { flags: '--as <role>', description: 'who does it: the name or ARN of a role, or a service principal' },
    {
      flags: '--context <key=value...>',
      description:
        'condition keys that the call carries, kms:ViaService=s3.us-east-1.amazonaws.com for example',
    },
  ],
  examples: [
    'explain --as crossdock-shop-shop-deploy s3:GetObject arn:aws:s3:::assets/index.html',
    'explain --as cloudformation.amazonaws.com sts:AssumeRole arn:aws:iam::222222222222:role/deploy',
  ],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const [action = '', resource = ''] = invocation.arguments
    if (typeof options.as !== 'string') throw new UsageError('--as is missing: name the role that calls')
    if (!/^[\w-]+:\w+$/.test(action))
      throw new UsageError(`"${action}" is no action: write <service>:<Action>, s3:GetObject for example`)
    const { landscape } = await proofInputOf(invocation)
    const answer = ask(() =>
      explainAccess(landscape, {
        principal: String(options.as),
        action,
        resource,
        context: contextOf(options.context as unknown as string[] | undefined),
      }),
    )
    const { decision } = answer.explanation
    if (options.json)
      terminal.print(
        JSON.stringify(
          {
            ...explanationInWords(answer.explanation),
            remedies: answer.remedies,
            assumed: answer.assumed,
            hangs: answer.hangs,
            isOpen: answer.isOpen,
            context: answer.request.context,
          },
          null,
          2,
        ),
      )
    else printAnswer(answer, terminal)
    const meant = decision.effect === 'allowed' ? undefined : meantAction(action, landscape)
    if (meant) terminal.warn(`no policy names ${action}; did you mean ${meant}?`)
    return decision.effect === 'allowed' && !answer.isOpen ? 0 : 1
  },
}

function ask<T>(question: () => T): T {
  try {
    return question()
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** A key that is given several times has all of its values, as aws:CalledVia does. */
function contextOf(given: readonly string[] = []): Record<string, string | readonly string[]> {
  const context: Record<string, string | readonly string[]> = {}
  for (const text of given) {
    const equals = text.indexOf('=')
    if (equals < 1) throw new UsageError(`--context ${text} is not <key>=<value>`)
    const [key, value] = [text.slice(0, equals), text.slice(equals + 1)]
    setEntry(
      context,
      key,
      Object.hasOwn(context, key) ? [...[entryOf(context, key) ?? []].flat(), value] : value,
    )
  }
  return context
}
