/** Schema of whom a pipeline tells of what: people by mail, topics, and chats. */
import * as z from 'zod/mini'
import { FleetError, type Hub, parseArn, type SourceLocation } from '../model/index.ts'
import { NOTICE_LIMITS, PIPELINE_NOTICES } from '../pipeline/index.ts'
import type { DataPath, FleetDocument } from './document.ts'

const ROLLBACK = 'rollback'
type Occasion = keyof typeof PIPELINE_NOTICES | typeof ROLLBACK

const OCCASIONS = [...Object.keys(PIPELINE_NOTICES), ROLLBACK] as Occasion[]
const USUAL: readonly Occasion[] = ['failed', 'approval']

const TOPIC = /^arn:[^:]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/
const CHAT = /^arn:[^:]+:chatbot::\d{12}:chat-configuration\/(slack|microsoft-teams)-channel\/[\w-]+$/

const mail = z.email()
const target = z
  .string()
  .check(
    z.refine(
      (text) => TOPIC.test(text) || CHAT.test(text) || mail.safeParse(text).success,
      'must be a mail address, the ARN of a topic, or the ARN of a chat configuration',
    ),
  )

export const notifySchema = z.array(
  z.union([
    target,
    z.strictObject({
      to: z
        .union([target, z.array(target).check(z.minLength(1))])
        .check(z.describe('mail address, ARN of a topic or of a chat configuration; one or a list')),
      on: z
        ._default(z.array(z.enum(OCCASIONS)).check(z.minLength(1)), [...USUAL])
        .check(z.describe('what is told; failed and approval without it')),
    }),
  ]),
)

/** Those who are told of the same. */
export interface FleetNotice {
  /** Of which a notification rule tells. */
  readonly events: readonly (keyof typeof PIPELINE_NOTICES)[]
  /** Whether they are told of rollbacks. */
  readonly rollback: boolean
  readonly emails: readonly string[]
  readonly topics: readonly string[]
  readonly chats: readonly string[]
}

/** Gives whom a pipeline tells, by what. Who cannot be told goes to `errors`. */
export function resolveNotices(
  file: z.output<typeof notifySchema>,
  path: DataPath,
  hub: Hub,
  document: FleetDocument,
  errors: FleetError[],
): FleetNotice[] {
  const groups = new Map<string, { readonly on: readonly Occasion[]; readonly to: Set<string> }>()
  for (const [index, entry] of file.entries()) {
    const { to, on } = typeof entry === 'string' ? { to: entry, on: USUAL } : entry
    const location = document.locate([...path, index])
    const sorted = OCCASIONS.filter((one) => on.includes(one))
    const group = groups.get(sorted.join()) ?? { on: sorted, to: new Set() }
    groups.set(sorted.join(), group)
    for (const one of [to].flat()) {
      group.to.add(one)
      errors.push(...strangers(one, hub, location), ...unheard(one, sorted, location))
    }
  }
  const notices = [...groups.values()].map(noticeOf)
  errors.push(...tooMany(notices, document.locate(path)))
  return notices
}

function noticeOf({
  on,
  to,
}: {
  readonly on: readonly Occasion[]
  readonly to: ReadonlySet<string>
}): FleetNotice {
  const all = [...to]
  return {
    events: on.filter((one) => one !== ROLLBACK),
    rollback: on.includes(ROLLBACK),
    emails: all.filter((one) => !one.startsWith('arn:')),
    topics: all.filter((one) => TOPIC.test(one)),
    chats: all.filter((one) => CHAT.test(one)),
  }
}

/** AWS: a topic is of the pipeline's account and region, a chat configuration of its account. */
function strangers(to: string, { account, region }: Hub, location: SourceLocation): FleetError[] {
  const arn = parseArn(to)
  if (!arn || (arn.account === account && (arn.region === '' || arn.region === region))) return []
  return [
    new FleetError(`${to} is not of the hub ${account} ${region}, and a pipeline tells nobody else`, {
      location,
      fix: `name one of ${account}${arn.region ? ` ${region}` : ''}`,
    }),
  ]
}

/** AWS: notification rules know no rollbacks, and chats hear of nothing else but through a topic. */
const unheard = (to: string, on: readonly Occasion[], location: SourceLocation): FleetError[] =>
  CHAT.test(to) && on.includes(ROLLBACK)
    ? [
        new FleetError('AWS tells a chat of no rollback', {
          location,
          fix: 'name a topic that the chat configuration listens to, or take `rollback` out',
        }),
      ]
    : []

function tooMany(notices: readonly FleetNotice[], location: SourceLocation): FleetError[] {
  const { rules, targets } = NOTICE_LIMITS
  const errors: FleetError[] = []
  if (notices.filter(({ events }) => events.length).length > rules)
    errors.push(
      new FleetError(`a pipeline has at most ${rules} notification rules`, {
        location,
        fix: 'let more of them be told of the same `on`',
      }),
    )
  for (const { emails, topics, chats } of notices)
    if (topics.length + chats.length + (emails.length ? 1 : 0) > targets)
      errors.push(
        new FleetError(`a notification rule has at most ${targets} targets`, {
          location,
          fix: 'let one topic tell the others',
        }),
      )
  return errors
}
