/** Cors of a REST API: an answer to preflight requests on every path. */
import { functionName, isMap, type Properties } from './properties.ts'
import { fromOwn, fromUser, PythonDict, type PythonValue } from './python-dict.ts'
import { invalid } from './refusals.ts'
import { ANY_METHOD } from './routes.ts'

const ALL = "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'"
const HEADER = 'Access-Control-'

/** Gives the headers of the answer, in the order in which they are added. Errors: InvalidResource. */
export function corsOf(given: unknown): Properties | undefined {
  if (given === undefined) return undefined
  if (typeof given === 'string' || functionName(given)) return { AllowOrigin: given }
  if (!isMap(given) || given.AllowOrigin === undefined)
    throw invalid("Invalid value for 'Cors' property.", ['Properties', 'Cors'])
  return given
}

/** Adds the operation to a path that has none of its own. */
export function addPreflight(
  item: PythonDict,
  cors: Properties,
  security: readonly PythonValue[] | undefined,
  openApiRuns: number,
): void {
  if (item.has('options')) return
  const { AllowOrigin, AllowHeaders, AllowMethods, MaxAge, AllowCredentials } = cors
  const values: Readonly<Record<string, PythonValue>> = {
    'Allow-Origin': fromUser(AllowOrigin),
    'Max-Age': fromUser(MaxAge),
    'Allow-Methods': AllowMethods === undefined ? methodsOf(item) : fromUser(AllowMethods),
    'Allow-Credentials': AllowCredentials === true ? "'true'" : undefined,
    'Allow-Headers': fromUser(AllowHeaders),
  }
  const given = (names: readonly string[]) => names.filter((name) => values[name] !== undefined)
  const parameters = new PythonDict(
    given(Object.keys(values)).map((name) => [`method.response.header.${HEADER}${name}`, values[name]]),
  )
  const headers = new PythonDict(
    given(['Allow-Origin', 'Allow-Headers', 'Allow-Methods', 'Allow-Credentials', 'Max-Age']).map((name) => [
      `${HEADER}${name}`,
      schema(name === 'Max-Age' ? 'integer' : 'string', openApiRuns),
    ]),
  )
  // The order in which they are added decides where they stand.
  const operation = new PythonDict([['x-amazon-apigateway-integration', integration(parameters)]])
  if (security && openApiRuns > 0) operation.set('security', security)
  operation.set('responses', new PythonDict([['200', answer(headers)]]))
  if (!security || openApiRuns === 0)
    for (const name of ['produces', 'consumes']) operation.set(name, ['application/json'])
  operation.set('summary', 'CORS support')
  if (security) operation.set('security', security)
  if (openApiRuns > 0) for (const name of ['consumes', 'produces']) operation.delete(name)
  item.set('options', operation)
}

const answer = (headers: PythonDict) =>
  new PythonDict([
    ['description', 'Default response for CORS method'],
    ['headers', headers],
  ])

const integration = (parameters: PythonDict) =>
  new PythonDict([
    ['requestTemplates', fromOwn({ 'application/json': '{\n  "statusCode" : 200\n}\n' })],
    ['type', 'mock'],
    [
      'responses',
      new PythonDict([
        [
          'default',
          new PythonDict([
            ['responseParameters', parameters],
            ['statusCode', '200'],
            ['responseTemplates', fromOwn({ 'application/json': '{}\n' })],
          ]),
        ],
      ]),
    ],
  ])

/** AWS: the translator turns headers into those of OpenAPI 3 once for each part of the body that it moves. */
function schema(type: string, openApiRuns: number): PythonDict {
  let value = new PythonDict([['type', type]])
  for (let run = 0; run < openApiRuns; run++) value = new PythonDict([['schema', value]])
  return value
}

function methodsOf(item: PythonDict): string {
  const methods = item.keys()
  if (methods.includes(ANY_METHOD)) return ALL
  return `'${[...methods.map((one) => one.toUpperCase()), 'OPTIONS'].sort().join(',')}'`
}
