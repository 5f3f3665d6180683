/** The Parameters section as it is declared: which types and constraints there are. */
import { javaPattern, PatternError, type TemplateParameter } from '../../model/index.ts'
import { templateFault } from '../read/template-fault.ts'

const members: readonly (keyof TemplateParameter)[] = [
  'AllowedPattern',
  'AllowedValues',
  'ConstraintDescription',
  'Default',
  'Description',
  'MaxLength',
  'MaxValue',
  'MinLength',
  'MinValue',
  'NoEcho',
  'Type',
]

const SPECIFIC = 'AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+'
const plain = new RegExp(`^(String|Number|CommaDelimitedList|List<(Number|String|${SPECIFIC})>|${SPECIFIC})$`)
const stored = new RegExp(
  `^AWS::SSM::Parameter::Value<(String|CommaDelimitedList|List<(String|${SPECIFIC})>|${SPECIFIC})>$`,
)

/** Errors: ValidationError for a malformed declaration, in AWS's words. */
export function checkParameterDeclarations(declared: Readonly<Record<string, TemplateParameter>>): void {
  for (const [name, one] of Object.entries(declared)) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(name))
      throw templateFault(`Template format error: Parameter name ${name} is non alphanumeric.`)
    if (typeof one !== 'object' || one === null || typeof one.Type !== 'string')
      throw templateFault('Template format error: Every Parameters object must contain a Type member.')
    if (!plain.test(one.Type) && !stored.test(one.Type))
      throw templateFault(`Template format error: Unrecognized parameter type: ${one.Type}`)
    const unknown = Object.keys(one).filter((member) => !members.includes(member as keyof TemplateParameter))
    if (unknown.length > 0) throw templateFault(`Invalid template parameter property '${unknown[0]}'`)
    checkMembers(name, one)
  }
}

/** The error's words are those for Default, which alone are recorded. */
function checkMembers(name: string, one: Partial<Readonly<Record<keyof TemplateParameter, unknown>>>): void {
  for (const member of members)
    if (member !== 'AllowedValues' && typeof one[member] === 'object' && one[member] !== null)
      throw templateFault(`Template format error: Every ${member} member must be a string.`)
  const { AllowedValues: values, AllowedPattern: pattern } = one
  if (values !== undefined && !Array.isArray(values))
    throw templateFault('Template format error: Every AllowedValues member must be a list.')
  if (values?.some((value: unknown) => typeof value === 'object'))
    throw templateFault('Template format error: Every AllowedValues item must be a string.')
  if (pattern !== undefined && typeof pattern !== 'string')
    throw templateFault('Template format error: Every AllowedPattern member must be a string.')
  if (pattern !== undefined) readPattern(name, pattern)
}

function readPattern(name: string, pattern: string): void {
  try {
    javaPattern(pattern)
  } catch (error) {
    throw patternFault(name, pattern, error)
  }
}

/** The error for a parameter's pattern that cannot be used. AWS's own words for it are not recorded anywhere. */
export function patternFault(name: string, pattern: string, error: unknown): Error {
  if (!(error instanceof PatternError)) return error as Error
  const wrong = error.kind === 'invalid' ? `is no regular expression: ${error.message}` : error.message
  return templateFault(`Template format error: AllowedPattern '${pattern}' of parameter '${name}' ${wrong}`)
}

/** The type inside `AWS::SSM::Parameter::Value<…>`, or undefined for every other type. */
export const storedType = (type: string): string | undefined => stored.exec(type)?.[1]

/** Whether a parameter's value is a list. */
export const isListType = (type: string): boolean =>
  type === 'CommaDelimitedList' || type.startsWith('List<') || isListOf(storedType(type))

const isListOf = (inner: string | undefined): boolean => inner !== undefined && isListType(inner)

/** NoEcho may be written as text. */
export const isNoEcho = (one: TemplateParameter): boolean =>
  String(one.NoEcho ?? 'false').toLowerCase() === 'true'
