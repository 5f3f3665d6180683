/** ResourcePolicy of a REST API: from where and by whom its routes may be called. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { isMap, type Properties } from './properties.ts'
import { fromUser, PythonDict, type PythonValue, UserText } from './python-dict.ts'
import { ANY_METHOD, type Route } from './routes.ts'

const KNOWN = [
  'CustomStatements',
  'IpRangeWhitelist',
  'IpRangeBlacklist',
  'AwsAccountWhitelist',
  'AwsAccountBlacklist',
]

/** Gives the policy of an API; undefined where none is asked for. Errors: TemplateFault for what is not carried out. */
export function resourcePolicy(
  given: unknown,
  routes: readonly Route[],
  stage: unknown,
): PythonDict | undefined {
  let statements: PythonValue = []
  const resources = routes.map((route) => resourceOf(route, stage))
  const add = (policy: unknown, own: readonly PythonDict[]) => {
    if (!isMap(policy)) return
    for (const name of Object.keys(policy))
      if (!KNOWN.includes(name))
        throw unsupportedInTemplate(`${name} in ResourcePolicy of AWS::Serverless::Api`)
    statements = combined(policy, own, statements as PythonValue[])
  }
  add(given, resources)
  for (const [index, { properties }] of routes.entries())
    add((properties.Auth as Properties | undefined)?.ResourcePolicy, [resources[index]!])
  if (Array.isArray(statements) && statements.length === 0) return undefined
  return new PythonDict([
    ['Version', '2012-10-17'],
    ['Statement', statements],
  ])
}

function combined(policy: Properties, resources: readonly PythonDict[], before: PythonValue[]): PythonValue {
  const { CustomStatements: custom } = policy
  const statements = [...before]
  const accounts = (name: string, effect: string) => {
    if (policy[name] === undefined) return
    statements.push(
      statement(effect, new PythonDict([['AWS', [policy[name]].flat().map(fromUser)]]), resources),
    )
  }
  accounts('AwsAccountWhitelist', 'Allow')
  accounts('AwsAccountBlacklist', 'Deny')
  const addresses = (name: string, operator: string) => {
    if (policy[name] === undefined) return
    const allow = statement('Allow', '*', resources)
    if (!statements.some((one) => one === allow)) statements.push(allow)
    const deny = statement('Deny', '*', resources)
    deny.set(
      'Condition',
      new PythonDict([[operator, new PythonDict([['aws:SourceIp', fromUser([policy[name]].flat())]])]]),
    )
    statements.push(deny)
  }
  addresses('IpRangeWhitelist', 'NotIpAddress')
  addresses('IpRangeBlacklist', 'IpAddress')
  if (custom === undefined) return statements
  // AWS: a single statement stands alone, not in a list.
  return statements.length === 0 ? fromUser(custom) : [...statements, ...[custom].flat().map(fromUser)]
}

const statement = (Effect: string, principal: PythonValue, resources: readonly PythonDict[]) =>
  new PythonDict([
    ['Effect', Effect],
    ['Action', 'execute-api:Invoke'],
    ['Resource', resources],
    ['Principal', principal],
  ])

const resourceOf = ({ path, method }: Route, stage: unknown): PythonDict =>
  new PythonDict([
    [
      'Fn::Sub',
      [
        new UserText(
          `execute-api:/\${__Stage__}/${method === ANY_METHOD ? '*' : method.toUpperCase()}${path.replace(/\{[^}]*\}/g, '*')}`,
        ),
        new PythonDict([['__Stage__', fromUser(stage)]]),
      ],
    ],
  ])
