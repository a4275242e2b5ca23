/** The one address of the lab's node: kubelet, DNS and the services on the host answer there. It is added to `lo`. */
export const nodeAddress = '10.95.0.1'

/** Where EKS' Pod Identity agent answers on a node: the AWS SDKs accept plain http there and nowhere else. */
export const agentAddress = '169.254.170.23'

export const podNetwork = '10.95.64.0/18'
export const podGateway = '10.95.64.1'
export const serviceNetwork = '10.95.128.0/18'
/** The address of the Service `kubernetes`: always the first of the network. */
export const apiServiceAddress = '10.95.128.1'

export const nodeName = 'holdfast-lab'
export const clusterDomain = 'cluster.local'
export const awsRegion = 'eu-central-1'
export const eksClusterName = 'holdfast-lab'

export const apiServerUrl = `https://${nodeAddress}:6443`
export const awsUrl = `https://${nodeAddress}:8443`
export const etcdUrl = 'https://127.0.0.1:2379'
export const temporalAddress = '127.0.0.1:7233'
/** Where pods reach Temporal, which itself listens on 127.0.0.1 alone. */
export const temporalAddressForPods = `${nodeAddress}:7233`
export const temporalUiUrl = 'http://127.0.0.1:8233'
