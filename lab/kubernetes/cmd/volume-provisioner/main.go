// Command volume-provisioner gives each PersistentVolumeClaim of its StorageClass a folder of this machine as a `local`
// volume. Unlike a host-path volume, a local volume is given to the pod's fsGroup by kubelet, so that programs that are not
// root can write to it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v11/controller"
)

// provisionerName is what a StorageClass names to have its volumes made here.
const provisionerName = "holdfast.dev/local-folder"

// folderProvisioner makes a volume's folder below root, on the one node that shares this machine's file system.
type folderProvisioner struct {
	root string
	node string
}

// Provision makes the folder and describes it. A folder left by an interrupted try is taken as it is: its name is the
// volume's, which no other claim has.
func (p *folderProvisioner) Provision(_ context.Context, options controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	folder := filepath.Join(p.root, options.PVName)
	if err := os.MkdirAll(folder, 0o770); err != nil {
		return nil, controller.ProvisioningFinished, fmt.Errorf("make the volume's folder: %w", err)
	}
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: options.PVName},
		Spec: core.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   options.PVC.Spec.AccessModes,
			Capacity:                      core.ResourceList{core.ResourceStorage: options.PVC.Spec.Resources.Requests[core.ResourceStorage]},
			PersistentVolumeSource:        core.PersistentVolumeSource{Local: &core.LocalVolumeSource{Path: folder}},
			NodeAffinity:                  onlyOn(p.node),
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes the folder with everything in it. The path is made anew from the volume's name: what stands in the object
// could have been edited to name any folder of the machine.
func (p *folderProvisioner) Delete(_ context.Context, volume *core.PersistentVolume) error {
	return os.RemoveAll(filepath.Join(p.root, filepath.Base(volume.Name)))
}

func onlyOn(node string) *core.VolumeNodeAffinity {
	return &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: []core.NodeSelectorTerm{{
		MatchExpressions: []core.NodeSelectorRequirement{{
			Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{node},
		}},
	}}}}
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "file that says how to reach the API server")
	root := flag.String("root", "", "folder in which each volume gets a folder")
	node := flag.String("node", "", "value of the label kubernetes.io/hostname of the node that sees the folder")
	flag.Parse()
	if err := run(*kubeconfig, *root, *node); err != nil {
		log.Fatal(err)
	}
}

func run(kubeconfig, root, node string) error {
	if root == "" || node == "" {
		return fmt.Errorf("--root and --node are needed")
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return fmt.Errorf("read the kubeconfig: %w", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("make a client: %w", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	provisioner := &folderProvisioner{root: root, node: node}
	controller.NewProvisionController(ctx, client, provisionerName, provisioner, controller.LeaderElection(false)).Run(ctx)
	return nil
}
