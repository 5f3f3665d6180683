/** Which rule of a listener is a request's. */
import { BlockList, isIPv6 } from 'node:net'
import { compileWildcard } from '../../../../iam/index.ts'
import { textsOf } from '../engine/conditions.ts'
import { inOrder } from '../engine/rule-priorities.ts'
import type { Condition, Rule } from '../state.ts'

/** What conditions look at. */
export interface AskedFor {
  readonly method: string
  /** With the query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The client's address. */
  readonly from: string
}

/** Gives the first rule by priority of which every condition holds; the default rule has none. */
export const matchRule = (rules: readonly Rule[], asked: AskedFor): Rule | undefined =>
  inOrder(rules).find(({ conditions }) => conditions.every((one) => holds(one, asked)))

function holds(condition: Condition, asked: AskedFor): boolean {
  const mark = asked.url.indexOf('?')
  const path = mark < 0 ? asked.url : asked.url.slice(0, mark)
  const texts = textsOf(condition)
  switch (condition.Field) {
    case 'path-pattern':
      return texts.some((text) => like(text, path))
    case 'host-header':
      return texts.some((text) => likeInAnyCase(text, hostOf(asked.headers.host)))
    case 'http-request-method':
      return texts.includes(asked.method)
    case 'http-header': {
      const values = [asked.headers[condition.HttpHeaderConfig!.HttpHeaderName!.toLowerCase()] ?? []].flat()
      return texts.some((text) => values.some((value) => likeInAnyCase(text, value)))
    }
    case 'source-ip':
      return texts.some((range) => isIn(range, asked.from))
    default:
      return queryHolds(condition, mark < 0 ? '' : asked.url.slice(mark + 1))
  }
}

const like = (pattern: string, text: string): boolean => compileWildcard(pattern)(text)

const likeInAnyCase = (pattern: string, text: string): boolean =>
  like(pattern.toLowerCase(), text.toLowerCase())

/** The host without its port. */
const hostOf = (header: string | readonly string[] | undefined): string =>
  String([header ?? ''].flat()[0]).replace(/:\d*$/, '')

/** AWS: one value is enough, of a certain key or of any. */
function queryHolds({ QueryStringConfig: config }: Condition, query: string): boolean {
  const pairs = query.split('&').map((pair) => {
    const mark = pair.indexOf('=')
    return mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)]
  })
  return (config?.Values ?? []).some(({ Key, Value = '' }) =>
    pairs.some(
      ([key = '', value = '']) =>
        (Key === undefined || likeInAnyCase(Key, key)) && likeInAnyCase(Value, value),
    ),
  )
}

function isIn(range: string, address: string): boolean {
  const [base = '', bits = ''] = range.split('/')
  const list = new BlockList()
  try {
    list.addSubnet(base, Number(bits), isIPv6(base) ? 'ipv6' : 'ipv4')
  } catch {
    return false
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
