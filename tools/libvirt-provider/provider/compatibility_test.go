package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

const schemaFile = "../cmd/pulumi-resource-libvirt/schema.json"

// What states and programs of pulumi-libvirt 0.5.4 rest on, as lines of text (see factsOf): how many there are, and their hash.
// Made from the schema.json of its release, which is not kept here. To see what differs, name a copy of it:
//
//	PULUMI_LIBVIRT_SCHEMA=<path of its schema.json> go test ./provider -run TestSchemaIsThatOf
const (
	factCount = 475
	factHash  = "53735710771d1a303ddf1092349660cf0e7d75d4603fb48e473dfbd816009454"
)

// What terraform-provider-libvirt 0.8.3 has over 0.8.1. Nothing may be in it that an older state would have to hold.
var additions = map[string]bool{
	"type libvirt:index/DomainNetworkInterface:DomainNetworkInterface property private: string": true,
}

type property struct {
	Type                 string    `json:"type"`
	Ref                  string    `json:"$ref"`
	Items                *property `json:"items"`
	AdditionalProperties *property `json:"additionalProperties"`
	WillReplaceOnChanges bool      `json:"willReplaceOnChanges"`
	Secret               bool      `json:"secret"`
	Const                any       `json:"const"`
	Default              any       `json:"default"`
	DefaultInfo          *struct {
		Environment []string `json:"environment"`
	} `json:"defaultInfo"`
}

type object struct {
	Properties map[string]property `json:"properties"`
	Required   []string            `json:"required"`
}

type resourceSchema struct {
	object
	InputProperties map[string]property `json:"inputProperties"`
	RequiredInputs  []string            `json:"requiredInputs"`
	StateInputs     *object             `json:"stateInputs"`
	Aliases         any                 `json:"aliases"`
}

type packageSchema struct {
	Name   string `json:"name"`
	Config struct {
		Variables map[string]property `json:"variables"`
		Defaults  []string            `json:"defaults"`
	} `json:"config"`
	Types     map[string]object         `json:"types"`
	Provider  resourceSchema            `json:"provider"`
	Resources map[string]resourceSchema `json:"resources"`
	Functions map[string]struct {
		Inputs  object `json:"inputs"`
		Outputs object `json:"outputs"`
	} `json:"functions"`
}

func (p property) String() string {
	text := p.Type + p.Ref
	if p.Items != nil {
		text += "[" + p.Items.String() + "]"
	}
	if p.AdditionalProperties != nil {
		text += "{" + p.AdditionalProperties.String() + "}"
	}
	if p.WillReplaceOnChanges {
		text += " replaces"
	}
	if p.Secret {
		text += " secret"
	}
	if p.Const != nil || p.Default != nil {
		text += fmt.Sprintf(" const %v default %v", p.Const, p.Default)
	}
	if p.DefaultInfo != nil {
		text += " from " + strings.Join(p.DefaultInfo.Environment, ",")
	}
	return text
}

func propertyFacts(subject string, properties map[string]property, required []string) []string {
	var facts []string
	for name, each := range properties {
		facts = append(facts, fmt.Sprintf("%s %s: %s", subject, name, each))
	}
	for _, name := range required {
		facts = append(facts, fmt.Sprintf("%s %s is required", subject, name))
	}
	return facts
}

func resourceFacts(subject string, resource resourceSchema) []string {
	facts := append(propertyFacts(subject+" output", resource.Properties, resource.Required),
		propertyFacts(subject+" input", resource.InputProperties, resource.RequiredInputs)...)
	if resource.StateInputs != nil {
		facts = append(facts, propertyFacts(subject+" state", resource.StateInputs.Properties, resource.StateInputs.Required)...)
	}
	if resource.Aliases != nil {
		facts = append(facts, fmt.Sprintf("%s aliases %v", subject, resource.Aliases))
	}
	return facts
}

// factsOf says in lines of text what a schema promises: every token, property, type and flag; no description.
func factsOf(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var schema packageSchema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	facts := []string{"package " + schema.Name}
	facts = append(facts, propertyFacts("config", schema.Config.Variables, schema.Config.Defaults)...)
	facts = append(facts, resourceFacts("provider", schema.Provider)...)
	for token, resource := range schema.Resources {
		facts = append(facts, resourceFacts("resource "+token, resource)...)
	}
	for token, each := range schema.Types {
		facts = append(facts, propertyFacts("type "+token+" property", each.Properties, each.Required)...)
	}
	for token, function := range schema.Functions {
		facts = append(facts, propertyFacts("function "+token+" input", function.Inputs.Properties, function.Inputs.Required)...)
		facts = append(facts, propertyFacts("function "+token+" output", function.Outputs.Properties, function.Outputs.Required)...)
	}
	sort.Strings(facts)
	return facts
}

func without(facts []string, left map[string]bool) []string {
	var kept []string
	for _, fact := range facts {
		if !left[fact] {
			kept = append(kept, fact)
		}
	}
	return kept
}

func asSet(facts []string) map[string]bool {
	set := map[string]bool{}
	for _, fact := range facts {
		set[fact] = true
	}
	return set
}

func TestSchemaIsThatOfPulumiLibvirt(t *testing.T) {
	facts := without(factsOf(t, schemaFile), additions)
	if official := os.Getenv("PULUMI_LIBVIRT_SCHEMA"); official != "" {
		theirs := factsOf(t, official)
		for _, fact := range without(theirs, asSet(facts)) {
			t.Errorf("ours lacks: %s", fact)
		}
		for _, fact := range without(facts, asSet(theirs)) {
			t.Errorf("only ours has: %s", fact)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(facts, "\n")))
	if hash := hex.EncodeToString(sum[:]); len(facts) != factCount || hash != factHash {
		t.Errorf("the schema differs from pulumi-libvirt's: %d facts with hash %s, not %d with %s", len(facts), hash, factCount, factHash)
	}
}

// What a reader can check by eye of the above.
func TestSchemaHasWhatProgramsUse(t *testing.T) {
	facts := asSet(factsOf(t, schemaFile))
	for _, fact := range []string{
		"config uri: string from LIBVIRT_DEFAULT_URI",
		"provider input uri: string from LIBVIRT_DEFAULT_URI",
		"resource libvirt:index/domain:Domain input memory: integer replaces",
		"resource libvirt:index/domain:Domain input networkInterfaces: array[#/types/libvirt:index/DomainNetworkInterface:DomainNetworkInterface]",
		"resource libvirt:index/cloudInitDisk:CloudInitDisk input userData: string replaces",
		"resource libvirt:index/volume:Volume input baseVolumeId: string replaces",
		"resource libvirt:index/pool:Pool input type is required",
		"resource libvirt:index/network:Network input mode: string replaces",
		"resource libvirt:index/ignition:Ignition input content is required",
		"resource libvirt:index/combustion:Combustion input content is required",
		"function libvirt:index/getNodeInfo:getNodeInfo output memoryTotalKb: integer",
	} {
		if !facts[fact] {
			t.Errorf("the schema lacks %q", fact)
		}
	}
	// Programs may leave names out: they are made.
	for _, name := range []string{"cloudInitDisk:CloudInitDisk", "domain:Domain", "volume:Volume", "pool:Pool", "network:Network"} {
		if fact := "resource libvirt:index/" + name + " input name is required"; facts[fact] {
			t.Errorf("the schema has %q", fact)
		}
	}
}

func TestCommittedSchemaIsTheOneThatIsGenerated(t *testing.T) {
	folder := t.TempDir()
	generate := exec.Command("go", "run", "./cmd/tfgen", "schema", "--skip-docs", "--out", folder)
	generate.Dir = ".."
	if output, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("the schema cannot be generated: %v\n%s", err, output)
	}
	made, err := os.ReadFile(filepath.Join(folder, "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(made) != string(committed) {
		t.Fatalf("%s is not what cmd/tfgen writes: run the command at its head and commit", schemaFile)
	}
}
