# Sourced at the end of build-layer.sh, in the root of the layer.
admin_user 1500
passwords
sudo_files
