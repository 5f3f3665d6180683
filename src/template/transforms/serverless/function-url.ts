/** FunctionUrlConfig: an address of a function's own. */
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { isMap, type Properties, pick } from './properties.ts'
import { invalid } from './refusals.ts'

/** Makes the address, and lets everyone in where it asks nobody who they are. Errors: InvalidResource. */
export function putUrl(
  { id, properties, attributes }: Serverless,
  reference: unknown,
  into: Expansion,
): void {
  const { FunctionUrlConfig: given } = properties
  if (!isMap(given) || Object.keys(given).length === 0) return
  const { AuthType } = given
  if (typeof AuthType === 'string' ? !['AWS_IAM', 'NONE'].includes(AuthType) : !isMap(AuthType))
    throw invalid(
      'AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE.',
      ['Properties', 'FunctionUrlConfig'],
    )
  const passed = passedOn(attributes)
  into.put(
    `${id}Url`,
    'AWS::Lambda::Url',
    { TargetFunctionArn: reference, ...pick(given, ['AuthType', 'Cors', 'InvokeMode']) },
    passed,
  )
  if (AuthType !== 'NONE') return
  const permission = (name: string, more: Properties) =>
    into.put(
      `${id}${name}`,
      'AWS::Lambda::Permission',
      { FunctionName: reference, Principal: '*', ...more },
      passed,
    )
  permission('UrlPublicPermissions', { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' })
  permission('URLInvokeAllowPublicAccess', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true })
}
