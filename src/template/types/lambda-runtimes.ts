/** The runtimes that Lambda no longer makes functions of. */
import { TemplateFault } from '../read/template-fault.ts'
import type { Value } from '../values/value.ts'

/**
 * By runtime, since when no function can be made of it. AWS: the Lambda runtimes page, "Deprecated runtimes", column "Block
 * function create", as it stood in spring 2026. Dates that lay ahead then are forecasts (nodejs16.x to nodejs20.x, python3.8,
 * python3.9: 31 August 2026), which AWS has moved several times: those runtimes are none of these.
 */
const RETIRED: ReadonlyMap<string, string> = new Map([
  ['java8', '2024-02-08'],
  ['go1.x', '2024-02-08'],
  ['provided', '2024-02-08'],
  ['ruby2.7', '2024-01-09'],
  ['nodejs14.x', '2024-01-09'],
  ['python3.7', '2024-01-09'],
  ['dotnetcore3.1', '2023-04-03'],
  ['nodejs12.x', '2023-03-31'],
  ['python3.6', '2022-07-18'],
  ['dotnetcore2.1', '2022-01-05'],
  ['nodejs10.x', '2021-07-30'],
  ['ruby2.5', '2021-07-30'],
  ['python2.7', '2021-07-15'],
  ['nodejs8.10', '2020-02-04'],
  ['nodejs4.3', '2020-02-03'],
  ['nodejs6.10', '2019-07-12'],
  ['dotnetcore1.0', '2019-06-30'],
  ['dotnetcore2.0', '2019-04-30'],
  ['nodejs4.3-edge', '2019-03-31'],
  ['nodejs', '2016-09-30'],
])

/**
 * Gives AWS's refusal of a function with this runtime; undefined where functions can be made of it. Its words are those of
 * recorded answers for nodejs12.x and python3.7; older ones named a runtime instead of "a supported runtime".
 */
export const retiredRuntime = (runtime: string): string | undefined =>
  RETIRED.has(runtime)
    ? `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. ` +
      'We recommend you use a supported runtime while creating or updating functions.'
    : undefined

/** Gives what Lambda will say of a resource when it is made, though CloudFormation takes its template. */
export function retiredRuntimeFaults(
  type: string,
  { Runtime: runtime }: Readonly<Record<string, Value | undefined>>,
): TemplateFault[] {
  const message = type === FUNCTION && typeof runtime === 'string' ? retiredRuntime(runtime) : undefined
  const fix = 'name a runtime that Lambda still supports'
  return message === undefined ? [] : [new TemplateFault(message, { path: ['Runtime'], fix })]
}

const FUNCTION = 'AWS::Lambda::Function'
