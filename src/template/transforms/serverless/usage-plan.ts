/** UsagePlan of a REST API: a key, what it may use, and how much. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { isMap, pick, tagList } from './properties.ts'
import { invalid } from './refusals.ts'
import type { RestAuth } from './rest-auth.ts'

/** Errors: InvalidResource without the kind of the plan; TemplateFault for one that several APIs share. */
export function putUsagePlan(
  { id, type, properties, attributes }: Serverless,
  auth: RestAuth | undefined,
  stage: string,
  into: Expansion,
): void {
  const given = auth?.given.UsagePlan
  if (!isMap(given)) return
  const { CreateUsagePlan: kind } = given
  if (kind === undefined)
    throw invalid("'CreateUsagePlan' is required field inside UsagePlan properties.", [
      'Properties',
      'Auth',
      'UsagePlan',
    ])
  if (kind === 'NONE') return
  if (kind !== 'PER_API')
    throw unsupportedInTemplate(`CreateUsagePlan ${String(kind)} of ${type} (resource ${id})`)
  const passed = passedOn(attributes)
  const Tags = given.Tags ?? (properties.PropagateTags === true ? tagList(properties.Tags) : undefined)
  const [plan, key] = [`${id}UsagePlan`, `${id}ApiKey`]
  into.put(
    plan,
    'AWS::ApiGateway::UsagePlan',
    {
      ApiStages: [{ ApiId: { Ref: id }, Stage: { Ref: stage } }],
      ...pick(given, ['Description', 'Quota', 'Throttle', 'UsagePlanName']),
      Tags,
    },
    { ...passed, DependsOn: [id] },
  )
  into.put(
    key,
    'AWS::ApiGateway::ApiKey',
    { Enabled: true, Tags, StageKeys: [{ RestApiId: { Ref: id }, StageName: { Ref: stage } }] },
    { ...passed, DependsOn: [plan] },
  )
  into.put(
    `${id}UsagePlanKey`,
    'AWS::ApiGateway::UsagePlanKey',
    { KeyId: { Ref: key }, KeyType: 'API_KEY', UsagePlanId: { Ref: plan } },
    { ...passed, DependsOn: [key] },
  )
}
