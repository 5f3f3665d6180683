import { describe, expect, it } from 'vitest'
import type { Template } from '../../model/index.ts'
import { parseTemplate as parse } from '../../template/index.ts'
import { executionNeeds } from './execution-needs.ts'

/** AWS: what begins with a brace is JSON; here it is YAML in one line. */
const parseTemplate = (text: string) => parse(`---\n${text}`) as unknown as Template

describe('a role that is passed on', () => {
  const passed = (resources: string) =>
    executionNeeds('arn:aws:iam::222222222222:role/r', {
      template: parseTemplate(
        `{ Parameters: { Open: { Type: String } }, Conditions: { X: !Equals [!Ref Open, x] }, Resources: ${resources} }`,
      ),
      parameters: {},
      account: '222222222222',
      region: 'eu-west-1',
      stack: 'orders',
    })
      .needs.filter(({ action }) => action === 'iam:PassRole')
      .map(({ resource, context }) => `${resource} ${context?.['iam:PassedToService']}`)

  it('may be one of two', () => {
    expect(
      passed(`{
        F: { Type: AWS::Lambda::Function, Properties: { Role: !If [X, !GetAtt R.Arn, "arn:aws:iam::222222222222:role/given"] } },
        R: { Type: AWS::IAM::Role, Properties: { Path: /apps/ } } }`),
    ).toEqual([
      'arn:aws:iam::222222222222:role/apps/orders-R-* lambda.amazonaws.com',
      'arn:aws:iam::222222222222:role/given lambda.amazonaws.com',
    ])
  })

  it('may be that of a hook or of a load balancer, which a service takes on itself', () => {
    const role = (name: string) => `arn:aws:iam::222222222222:role/${name}`
    expect(
      passed(`{
        S: { Type: AWS::ECS::Service, Properties: {
          DeploymentConfiguration: { LifecycleHooks: [
            { HookTargetArn: "arn:aws:lambda:eu-west-1:222222222222:function:check", RoleArn: "${role('hooks')}", LifecycleStages: [PRE_SCALE_UP] },
            { TargetType: PAUSE, LifecycleStages: [POST_SCALE_UP] } ] },
          LoadBalancers: [{ AdvancedConfiguration: { RoleArn: "${role('infrastructure')}" } }] } } }`).sort(),
    ).toEqual([`${role('hooks')} ecs.amazonaws.com`, `${role('infrastructure')} ecs.amazonaws.com`])
  })

  it('may lie in the description of an API, where callers may also bring their own credentials', () => {
    const method = (credentials: string) =>
      `get: { x-amazon-apigateway-integration: { credentials: "${credentials}" } }`
    expect(
      passed(`{ A: { Type: AWS::ApiGateway::RestApi, Properties: { Body: { paths: {
        /a: { ${method('arn:aws:iam::222222222222:role/caller')} }, /b: { ${method('arn:aws:iam::*:user/*')} } } } } } }`),
    ).toEqual(['arn:aws:iam::222222222222:role/caller apigateway.amazonaws.com'])
  })
})
