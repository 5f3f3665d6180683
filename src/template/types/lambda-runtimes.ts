/** The runtimes that Lambda no longer makes functions of. */
import { TemplateFault } from '../read/template-fault.ts'
import type { Value } from '../values/value.ts'

/** The month of the page that the dates are from: the newest that could be had. */
export const RUNTIMES_OF = '2026-03'

/**
 * By runtime, since when no function can be made of it. AWS: the Lambda runtimes page, "Deprecated runtimes", column "Block
 * function create", as it stood in spring 2026.
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
 * By runtime, from when on no function was to be made of it. AWS: the same page, whose dates that lay ahead are forecasts,
 * and have been moved several times: what runs out by one of them is told, and not refused.
 */
const ANNOUNCED: ReadonlyMap<string, string> = new Map([
  ['nodejs16.x', '2026-08-31'],
  ['nodejs18.x', '2026-08-31'],
  ['nodejs20.x', '2026-08-31'],
  ['python3.8', '2026-08-31'],
  ['python3.9', '2026-08-31'],
  ['dotnet6', '2026-08-31'],
  ['ruby3.2', '2026-08-31'],
  ['provided.al2', '2026-08-31'],
  ['python3.10', '2026-11-30'],
  ['dotnet8', '2026-12-10'],
])

/** Gives the day from which on AWS has announced to make no functions of a runtime; undefined where it lies farther ahead. */
export const announcedEnd = (runtime: string): string | undefined => ANNOUNCED.get(runtime)

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
