/** Properties against the specification. */
import { expect, test } from 'vitest'
import { checkProperties, propertiesFailure } from './check-properties.ts'
import { resourceSpec } from './spec.ts'

const check = (type: string, properties: object) => checkProperties(resourceSpec(type)!, properties as never)

test('accepts text for numbers and booleans, at every depth', () => {
  const { properties, problems } = check('AWS::Lambda::Function', {
    Code: { ZipFile: 'x' },
    Role: 'r',
    Timeout: '30',
    VpcConfig: { Ipv6AllowedForDualStack: 'true' },
    Environment: { Variables: { PORT: 8080, ON: true } },
  })
  expect(problems).toEqual([])
  expect(properties).toMatchObject({
    Timeout: 30,
    VpcConfig: { Ipv6AllowedForDualStack: true },
    Environment: { Variables: { PORT: '8080', ON: 'true' } },
  })
})

test('leaves policy documents as they are', () => {
  const document = { Version: '2012-10-17', Statement: [{ Anything: [1, true] }] }
  const { properties, problems } = check('AWS::S3::BucketPolicy', { Bucket: 'b', PolicyDocument: document })
  expect(problems).toEqual([])
  expect(properties.PolicyDocument).toEqual(document)
})

test('takes whatever a custom resource is given', () => {
  const { properties, problems } = check('Custom::X', { ServiceToken: 'arn', Deep: { n: 1 } })
  expect(problems).toEqual([])
  expect(properties.Deep).toEqual({ n: 1 })
})

test.each([
  [
    'AWS::Lambda::Function',
    { Code: {}, Role: 'r', Timeout: 1.5 },
    '#/Timeout: expected type: Integer, found: Number',
  ],
  ['AWS::Lambda::Function', { Code: 'x', Role: 'r' }, '#/Code: expected type: JSONObject, found: String'],
  ['AWS::Lambda::Function', { Code: {}, Role: ['r'] }, '#/Role: expected type: String, found: JSONArray'],
  [
    'AWS::Lambda::Function',
    { Code: {}, Role: 'r', Environment: { Variables: [] } },
    '#/Environment/Variables: expected type: JSONObject, found: JSONArray',
  ],
  ['AWS::KMS::Key', { Tags: [{ Key: 'a' }] }, '#/Tags/0: required key [Value] not found'],
  [
    'AWS::KMS::Key',
    { Tags: [{ Key: 'a', Value: 'b', X: 1 }] },
    '#/Tags/0: extraneous key [X] is not permitted',
  ],
  ['AWS::KMS::Key', { Enabled: 'perhaps' }, '#/Enabled: expected type: Boolean, found: String'],
])('%s %j', (type, properties, problem) => {
  expect(check(type, properties).problems).toEqual([problem])
})

test('counts several', () => {
  expect(propertiesFailure('R', ['a', 'b'])).toBe(
    'Properties validation failed for resource R with message:\n#: 2 schema violations found\na\nb',
  )
})
