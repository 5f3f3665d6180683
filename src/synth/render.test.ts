import { expect, it } from 'vitest'
import { renderTemplate } from './render.ts'

it('keeps what is short on one line and gives the rest lines of its own', () => {
  const text = renderTemplate({
    Description: 'd',
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't', Tags: [], DisplayName: undefined } },
    },
  })
  expect(text).toBe(`{
  "Description": "d",
  "Resources": {
    "Topic": {
      "Type": "AWS::SNS::Topic",
      "Properties": { "TopicName": "t", "Tags": [] }
    }
  }
}
`)
  expect(JSON.parse(text)).toEqual({
    Description: 'd',
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't', Tags: [] } } },
  })
})
