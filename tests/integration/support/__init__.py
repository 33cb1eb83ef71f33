# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""What the integration tests share: processes, the wire, waiting."""
