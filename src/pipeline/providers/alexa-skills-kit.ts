/** Deployment of an Alexa skill, with credentials of a developer account. */
import { inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, between } from '../provider.ts'

/**
 * AWS: "Valid input and output artifacts for each action type"; the skill's credentials let it in, no role's permissions
 * (AWS CDK's AlexaSkillDeployAction grants none).
 */
export const alexaSkillsKit: ActionProvider = {
  type: { category: 'Deploy', owner: 'ThirdParty', provider: 'AlexaSkillsKit', version: '1' },
  inputs: between(1, 2),
  outputs: between(0, 0),
  configuration: {
    ClientId: { required: true },
    ClientSecret: { required: true, secret: true },
    RefreshToken: { required: true, secret: true },
    SkillId: { required: true },
  },
  variables: [],
  refusedLocally: true,
  needs: inputNeeds,
}
