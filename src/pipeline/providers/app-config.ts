/** Deployment of a configuration by AppConfig. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

/** AWS: "AWS AppConfig deploy action reference" names the three calls, on the application, all below it, and the strategy. */
export const appConfig: ActionProvider = {
  type: awsAction('Deploy', 'AppConfig'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    Application: { required: true },
    Environment: { required: true },
    ConfigurationProfile: { required: true },
    InputArtifactConfigurationPath: { required: true },
    DeploymentStrategy: {},
  },
  variables: [],
  refusedLocally: true,
  needs: ({ action, role, account, region, value, reads }) => {
    const because = `to deploy the configuration ${value('ConfigurationProfile')}`
    const arn = (resource: string) => formatArn('appconfig', region, account, resource)
    const application = arn(`application/${value('Application')}`)
    const environment = `${application}/environment/${value('Environment')}`
    const started = [
      application,
      environment,
      `${application}/configurationprofile/${value('ConfigurationProfile')}`,
      arn(`deploymentstrategy/${value('DeploymentStrategy') || '*'}`),
    ]
    // AWS: a deployment is authorized on everything that it is made of.
    const steered = [application, environment, `${environment}/deployment/*`]
    return [
      ...started.flatMap((resource) => needAll(role, ['appconfig:StartDeployment'], resource, because)),
      ...steered.flatMap((resource) =>
        needAll(role, ['appconfig:GetDeployment', 'appconfig:StopDeployment'], resource, because),
      ),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to read the configuration from ${one.name}`),
      ),
    ]
  },
}
